// TransportAddress
