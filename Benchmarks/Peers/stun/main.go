// The works of STUNBenchmark, done with pion/stun; with a name, that one alone.
package main

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"os"
	"testing"
	"time"

	"github.com/pion/stun"
)

// RFC 5769 section 2.2, a Binding success response.
var response = []byte{
	0x01, 0x01, 0x00, 0x3c, 0x21, 0x12, 0xa4, 0x42, 0xb7, 0xe7, 0xa7, 0x01, 0xbc, 0x34, 0xd6, 0x86,
	0xfa, 0x87, 0xdf, 0xae, 0x80, 0x22, 0x00, 0x0b, 0x74, 0x65, 0x73, 0x74, 0x20, 0x76, 0x65, 0x63,
	0x74, 0x6f, 0x72, 0x20, 0x00, 0x20, 0x00, 0x08, 0x00, 0x01, 0xa1, 0x47, 0xe1, 0x12, 0xa6, 0x43,
	0x00, 0x08, 0x00, 0x14, 0x2b, 0x91, 0xf5, 0x99, 0xfd, 0x9e, 0x90, 0xc3, 0x8c, 0x74, 0x89, 0xf9,
	0x2a, 0xf9, 0xba, 0x53, 0xf0, 0x6b, 0xe7, 0xd7, 0x80, 0x28, 0x00, 0x04, 0xc0, 0x7d, 0x4c, 0x96,
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

func decoded() *stun.Message {
	m := stun.New()
	_, err := m.Write(response)
	must(err)
	return m
}

// A Binding server as its examples have it, with the attributes that ours sends.
type server struct {
	request, response *stun.Message
	software          stun.Software
	client, own       net.UDPAddr
}

func newServer() *server {
	return &server{
		stun.New(), stun.New(), stun.NewSoftware("test vector"),
		net.UDPAddr{IP: net.IPv4(192, 0, 2, 1), Port: 32853},
		net.UDPAddr{IP: net.IPv4(198, 51, 100, 1), Port: 3478},
	}
}

// The response to a datagram, valid until the next.
func (s *server) answer(datagram []byte) []byte {
	_, err := s.request.Write(datagram)
	must(err)
	if s.request.Type != stun.BindingRequest {
		panic("no request")
	}
	must(s.response.Build(s.request, stun.BindingSuccess,
		&stun.XORMappedAddress{IP: s.client.IP, Port: s.client.Port},
		&stun.MappedAddress{IP: s.client.IP, Port: s.client.Port},
		&stun.ResponseOrigin{IP: s.own.IP, Port: s.own.Port}, s.software))
	return s.response.Raw
}

// A connection in memory, whose other end is a server.
type memory struct {
	server    *server
	responses chan []byte
}

func (m *memory) Write(datagram []byte) (int, error) {
	m.responses <- m.server.answer(datagram)
	return len(datagram), nil
}

func (m *memory) Read(buffer []byte) (int, error) {
	response, open := <-m.responses
	if !open {
		return 0, io.EOF
	}
	return copy(buffer, response), nil
}

func (m *memory) Close() error {
	close(m.responses)
	return nil
}

func main() {
	key := stun.NewShortTermIntegrity("VOkJxbRl1RmTxUk/WvJxBt")
	works := []struct {
		name string
		body func(*testing.B)
	}{
		{"decode", func(b *testing.B) {
			b.ReportAllocs()
			m := stun.New()
			var address stun.XORMappedAddress
			for i := 0; i < b.N; i++ {
				_, err := m.Write(response)
				must(err)
				must(address.GetFrom(m))
			}
		}},
		{"integrity", func(b *testing.B) {
			b.ReportAllocs()
			m := decoded()
			for i := 0; i < b.N; i++ {
				must(key.Check(m))
			}
		}},
		{"build", func(b *testing.B) {
			b.ReportAllocs()
			m := stun.New()
			software := stun.NewSoftware("test vector")
			address := &stun.XORMappedAddress{IP: net.IPv4(192, 0, 2, 1), Port: 32853}
			id := decoded().TransactionID
			for i := 0; i < b.N; i++ {
				m.Reset()
				m.TransactionID = id
				m.SetType(stun.BindingSuccess)
				m.WriteHeader()
				must(software.AddTo(m))
				must(address.AddTo(m))
				must(key.AddTo(m))
				must(stun.Fingerprint.AddTo(m))
			}
		}},
		{"fingerprint", func(b *testing.B) {
			b.ReportAllocs()
			m := decoded()
			for i := 0; i < b.N; i++ {
				must(stun.Fingerprint.Check(m))
			}
		}},
		{"encode", func(b *testing.B) {
			b.ReportAllocs()
			software := stun.NewSoftware("test vector")
			address := &stun.XORMappedAddress{IP: net.IPv4(192, 0, 2, 1), Port: 32853}
			id := stun.NewTransactionIDSetter(decoded().TransactionID)
			for i := 0; i < b.N; i++ {
				_, err := stun.Build(id, stun.BindingSuccess, software, address, key, stun.Fingerprint)
				must(err)
			}
		}},
		// Ours keeps each response for 40 seconds besides.
		{"server", func(b *testing.B) {
			b.ReportAllocs()
			server := newServer()
			datagram := stun.MustBuild(stun.BindingRequest, stun.TransactionID).Raw
			for i := 0; i < b.N; i++ {
				binary.BigEndian.PutUint64(datagram[12:], uint64(i))
				server.answer(datagram)
			}
		}},
		// Its client, with a connection that hands each request to the server above.
		{"roundtrip", func(b *testing.B) {
			b.ReportAllocs()
			connection := &memory{server: newServer(), responses: make(chan []byte, 1)}
			client, err := stun.NewClient(connection)
			must(err)
			var address stun.XORMappedAddress
			request := stun.New()
			var id [stun.TransactionIDSize]byte
			for i := 0; i < b.N; i++ {
				binary.BigEndian.PutUint64(id[4:], uint64(i))
				must(request.Build(stun.NewTransactionIDSetter(id), stun.BindingRequest))
				must(client.Do(request, func(event stun.Event) {
					must(event.Error)
					must(address.GetFrom(event.Message))
				}))
			}
			must(client.Close())
		}},
		// Its agent, a part of its client: a table of IDs and deadlines, which sends nothing again.
		{"client", func(b *testing.B) {
			b.ReportAllocs()
			var address stun.XORMappedAddress
			done := false
			agent := stun.NewAgent(func(event stun.Event) {
				must(event.Error)
				must(address.GetFrom(event.Message))
				done = true
			})
			datagram := stun.MustBuild(stun.TransactionID, stun.BindingSuccess,
				&stun.XORMappedAddress{IP: net.IPv4(192, 0, 2, 1), Port: 32853},
				stun.NewSoftware("test vector")).Raw
			request, response := stun.New(), stun.New()
			var id [stun.TransactionIDSize]byte
			deadline := time.Now().Add(time.Hour)
			for i := 0; i < b.N; i++ {
				binary.BigEndian.PutUint64(id[4:], uint64(i))
				must(request.Build(stun.NewTransactionIDSetter(id), stun.BindingRequest))
				done = false
				must(agent.Start(request.TransactionID, deadline))
				copy(datagram[8:20], request.Raw[8:20])
				_, err := response.Write(datagram)
				must(err)
				must(agent.Process(response))
				if !done {
					panic("no outcome")
				}
			}
		}},
	}
	for _, work := range works {
		if len(os.Args) > 1 && os.Args[1] != work.name {
			continue
		}
		result := testing.Benchmark(work.body)
		fmt.Printf("%s\t%.2f\t%d\n", work.name,
			float64(result.T.Nanoseconds())/float64(result.N), result.AllocsPerOp())
	}
}
