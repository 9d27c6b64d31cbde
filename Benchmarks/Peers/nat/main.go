// One UDP packet through the NAT of pion's vnet, by its public API: a host behind a router sends to a
// host outside, which counts what comes.
package main

import (
	"fmt"
	"net"
	"sync/atomic"
	"time"

	"github.com/pion/logging"
	"github.com/pion/transport/vnet"
)

func must(err error) {
	if err != nil {
		panic(err)
	}
}

const flows = 1000
const packets = 200000

func main() {
	loggers := logging.NewDefaultLoggerFactory()
	wan, err := vnet.NewRouter(&vnet.RouterConfig{CIDR: "198.51.100.0/24", LoggerFactory: loggers})
	must(err)
	server, err := vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{"198.51.100.1"}})
	must(err)
	must(wan.AddNet(server))
	lan, err := vnet.NewRouter(&vnet.RouterConfig{
		StaticIPs: []string{"198.51.100.7"}, CIDR: "10.0.0.0/24", LoggerFactory: loggers,
		NATType: &vnet.NATType{
			MappingBehavior:   vnet.EndpointIndependent,
			FilteringBehavior: vnet.EndpointAddrPortDependent,
			MappingLifeTime:   300 * time.Second,
		},
	})
	must(err)
	host, err := vnet.NewNet(&vnet.NetConfig{StaticIPs: []string{"10.0.0.2"}})
	must(err)
	must(lan.AddNet(host))
	must(wan.AddRouter(lan))
	must(wan.Start())

	receiver, err := server.ListenPacket("udp4", "198.51.100.1:3478")
	must(err)
	var received int64
	go func() {
		buffer := make([]byte, 1500)
		for {
			if _, _, err := receiver.ReadFrom(buffer); err != nil {
				return
			}
			atomic.AddInt64(&received, 1)
		}
	}()

	senders := make([]net.PacketConn, flows)
	for i := range senders {
		senders[i], err = host.ListenPacket("udp4", fmt.Sprintf("10.0.0.2:%d", 2000+i))
		must(err)
	}
	to := &net.UDPAddr{IP: net.ParseIP("198.51.100.1"), Port: 3478}
	// In portions that fit into the receiver's queue, so that none is lost on the way.
	send := func(count int) {
		for sent := 0; sent < count; {
			target := atomic.LoadInt64(&received)
			for i := 0; i < 100; i++ {
				_, err := senders[(sent*7919)%flows].WriteTo([]byte{}, to)
				must(err)
				sent++
			}
			for start := time.Now(); atomic.LoadInt64(&received) < target+100; {
				if time.Since(start) > 5*time.Second {
					panic("packets were lost")
				}
				time.Sleep(0)
			}
		}
	}
	send(flows * 10)
	start := time.Now()
	send(packets)
	fmt.Printf("pion\t%.1f\n", float64(time.Since(start).Nanoseconds())/packets)
}
