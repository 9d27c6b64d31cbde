// A side of a meeting, by pion/ice: see meet.py.
package main

import (
	"bufio"
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"syscall"
	"time"
	"unsafe"

	"github.com/pion/ice/v2"
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

// CLOCK_MONOTONIC, which the standard library keeps to itself.
func now() int64 {
	var spec syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, 1, uintptr(unsafe.Pointer(&spec)), 0)
	return spec.Nano()
}

func main() {
	agent, err := ice.NewAgent(&ice.AgentConfig{
		NetworkTypes:     []ice.NetworkType{ice.NetworkTypeUDP4},
		MulticastDNSMode: ice.MulticastDNSModeDisabled,
		Urls: []*ice.URL{{
			Scheme: ice.SchemeTypeSTUN, Host: "203.0.113.9", Port: 3478, Proto: ice.ProtoTypeUDP,
		}},
	})
	check(err)
	isGathered := make(chan struct{})
	check(agent.OnCandidate(func(candidate ice.Candidate) {
		if candidate == nil {
			close(isGathered)
		}
	}))
	check(agent.OnConnectionStateChange(func(state ice.ConnectionState) {
		if state == ice.ConnectionStateConnected {
			fmt.Println("connected", now())
		}
	}))
	check(agent.GatherCandidates())
	<-isGathered
	fragment, password, err := agent.GetLocalUserCredentials()
	check(err)
	candidates, err := agent.GetLocalCandidates()
	check(err)
	fmt.Printf("a=ice-ufrag:%s\na=ice-pwd:%s\n", fragment, password)
	for _, candidate := range candidates {
		fmt.Println("a=candidate:" + candidate.Marshal())
	}
	fmt.Println(".")

	var lines []string
	scanner := bufio.NewScanner(os.Stdin)
	for scanner.Scan() && scanner.Text() != "." {
		lines = append(lines, scanner.Text())
	}
	fmt.Println("given", now())
	for _, line := range lines {
		switch name, value, _ := strings.Cut(line, ":"); name {
		case "a=ice-ufrag":
			fragment = value
		case "a=ice-pwd":
			password = value
		case "a=candidate":
			candidate, err := ice.UnmarshalCandidate(value)
			check(err)
			check(agent.AddRemoteCandidate(candidate))
		}
	}
	dial := agent.Accept
	if os.Args[1] == "offer" {
		dial = agent.Dial
	}
	_, err = dial(context.Background(), fragment, password)
	check(err)
	time.Sleep(time.Minute)
}
