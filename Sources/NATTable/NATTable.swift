// NATTable
