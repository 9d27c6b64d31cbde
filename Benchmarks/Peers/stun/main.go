// The works of STUNBenchmark, done with pion/stun.
package main

import (
	"fmt"
	"net"
	"testing"

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
	}
	for _, work := range works {
		result := testing.Benchmark(work.body)
		fmt.Printf("%s\t%.2f\t%d\n", work.name,
			float64(result.T.Nanoseconds())/float64(result.N), result.AllocsPerOp())
	}
}
