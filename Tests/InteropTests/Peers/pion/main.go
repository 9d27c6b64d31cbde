// An agent of pion's that speaks as `workbook connect` does, with the descriptions in this folder.
//
//	pion [OPTIONS] offer|answer WORDS
//
// It prints what it hears, and on standard error its states and the types of the selected pair.
//
// With -lines the descriptions are told line by line while the session lasts, in files that grow:
// candidates as they are gathered, and new credentials for each restart. A peer's word "restart" has it
// restart; any other word is sent back.
package main

import (
	"bufio"
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/pion/ice/v2"
)

const server = "203.0.113.9"

// Blocks of `connect` have a byte before them.
const (
	data     = 192
	end      = 193
	endHeard = 194
)

var (
	stun      = flag.Bool("stun", false, "ask the STUN server")
	turn      = flag.String("turn", "", "how to ask the TURN server: udp, tcp, tls")
	relayOnly = flag.Bool("relay-only", false, "no other candidates")
	lite      = flag.Bool("lite", false, "be a lite agent")
	lines     = flag.Bool("lines", false, "tell and be told line by line")
)

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func newAgent() *ice.Agent {
	config := &ice.AgentConfig{
		NetworkTypes:       []ice.NetworkType{ice.NetworkTypeUDP4},
		MulticastDNSMode:   ice.MulticastDNSModeDisabled,
		InsecureSkipVerify: true,
		Lite:               *lite,
	}
	if *stun {
		config.Urls = append(config.Urls, &ice.URL{
			Scheme: ice.SchemeTypeSTUN, Host: server, Port: 3478, Proto: ice.ProtoTypeUDP,
		})
	}
	if *turn != "" {
		url := &ice.URL{
			Scheme: ice.SchemeTypeTURN, Host: server, Port: 3478, Proto: ice.ProtoTypeTCP,
			Username: "alice", Password: "pass",
		}
		switch *turn {
		case "udp":
			url.Proto = ice.ProtoTypeUDP
		case "tls":
			url.Scheme, url.Port = ice.SchemeTypeTURNS, 5349
		}
		config.Urls = append(config.Urls, url)
	}
	switch {
	case *relayOnly:
		config.CandidateTypes = []ice.CandidateType{ice.CandidateTypeRelay}
	case *lite:
		config.CandidateTypes = []ice.CandidateType{ice.CandidateTypeHost}
	}
	agent, err := ice.NewAgent(config)
	check(err)
	check(agent.OnConnectionStateChange(func(state ice.ConnectionState) {
		log.Println("state:", state)
	}))
	check(agent.OnSelectedCandidatePairChange(tellSelected))
	return agent
}

func tellSelected(local, remote ice.Candidate) {
	log.Println("selected:", local.Type(), remote.Type())
}

// The other's line, taken up by the agent where it is a candidate's.
func addCandidate(agent *ice.Agent, line string) {
	candidate, err := ice.UnmarshalCandidate(strings.TrimPrefix(line, "a=candidate:"))
	check(err)
	check(agent.AddRemoteCandidate(candidate))
}

func main() {
	log.SetFlags(0)
	flag.Parse()
	own, other := "offer", "answer"
	if flag.Arg(0) == "answer" {
		own, other = other, own
	}
	time.AfterFunc(time.Minute, func() { log.Fatal("nothing more has come in 60 s") })
	if *lines {
		converseByLines(own, other)
		return
	}
	agent := newAgent()
	isGathered := make(chan struct{})
	check(agent.OnCandidate(func(candidate ice.Candidate) {
		if candidate == nil {
			close(isGathered)
		}
	}))
	check(agent.GatherCandidates())
	<-isGathered
	if own == "offer" {
		write(agent, own)
	}
	fragment, password := read(agent, other)
	if own == "answer" {
		write(agent, own)
	}
	connection := connect(agent, own == "offer", fragment, password)
	talk(connection, flag.Arg(1))
	// On a busy machine a short talk is over before the agent has told of the pair that carried it.
	pair, err := agent.GetSelectedCandidatePair()
	check(err)
	tellSelected(pair.Local, pair.Remote)
	check(agent.Close())
}

func connect(agent *ice.Agent, controls bool, fragment, password string) *ice.Conn {
	dial := agent.Accept
	if controls && !*lite {
		dial = agent.Dial
	}
	connection, err := dial(context.Background(), fragment, password)
	check(err)
	return connection
}

// MARK: Whole descriptions

func write(agent *ice.Agent, path string) {
	fragment, password, err := agent.GetLocalUserCredentials()
	check(err)
	candidates, err := agent.GetLocalCandidates()
	check(err)
	text := fmt.Sprintf("a=ice-ufrag:%s\r\na=ice-pwd:%s\r\n", fragment, password)
	if *lite {
		text += "a=ice-lite\r\n"
	}
	text += "m=application 9 udp octet-stream\r\n"
	for _, candidate := range candidates {
		text += "a=candidate:" + candidate.Marshal() + "\r\n"
	}
	check(os.WriteFile(path+".part", []byte(text+"a=end-of-candidates\r\n"), 0o600))
	check(os.Rename(path+".part", path))
}

func read(agent *ice.Agent, path string) (fragment, password string) {
	var text []byte
	for {
		var err error
		if text, err = os.ReadFile(path); err == nil {
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	for _, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		switch name, value, _ := strings.Cut(line, ":"); name {
		case "a=ice-ufrag":
			fragment = value
		case "a=ice-pwd":
			password = value
		case "a=candidate":
			addCandidate(agent, line)
		}
	}
	return fragment, password
}

// MARK: The talk

// Says its words and its end, again until that is heard, and hears the other's.
func talk(connection *ice.Conn, words string) {
	send := func(block ...byte) {
		_, err := connection.Write(block)
		check(err)
	}
	send(append([]byte{data}, words+"\n"...)...)
	isOver := make(chan struct{})
	go func() {
		for {
			send(end)
			select {
			case <-isOver:
				return
			case <-time.After(200 * time.Millisecond):
			}
		}
	}()
	ended, heard := false, false
	block := make([]byte, 1500)
	for !ended || !heard {
		count, err := connection.Read(block)
		check(err)
		switch block[0] {
		case data:
			fmt.Print(string(block[1:count]))
		case end:
			send(endHeard)
			ended = true
		case endHeard:
			if !heard {
				close(isOver)
			}
			heard = true
		}
	}
}

// MARK: Line by line

type teller struct {
	file  *os.File
	mutex sync.Mutex
}

func (teller *teller) tell(line string) {
	teller.mutex.Lock()
	defer teller.mutex.Unlock()
	_, err := fmt.Fprintf(teller.file, "%s\n", line)
	check(err)
}

func converseByLines(own, other string) {
	file, err := os.Create(own)
	check(err)
	teller := &teller{file: file}
	agent := newAgent()
	check(agent.OnCandidate(func(candidate ice.Candidate) {
		if candidate == nil {
			teller.tell("a=end-of-candidates")
		} else {
			teller.tell("a=candidate:" + candidate.Marshal())
		}
	}))
	begin := func() {
		fragment, password, err := agent.GetLocalUserCredentials()
		check(err)
		teller.tell("a=ice-ufrag:" + fragment)
		teller.tell("a=ice-pwd:" + password)
		check(agent.GatherCandidates())
	}
	restart := func() {
		check(agent.Restart("", ""))
		begin()
	}
	begin()

	// Whether it has restarted, and the other has not answered that yet.
	var isAsking bool
	var mutex sync.Mutex
	var fragment string
	isFirst := true
	follow(other, func(line string) {
		mutex.Lock()
		defer mutex.Unlock()
		switch name, value, _ := strings.Cut(line, ":"); name {
		case "a=ice-ufrag":
			fragment = value
		case "a=ice-pwd":
			if isFirst {
				isFirst = false
				fragment := fragment
				go func() {
					connection := connect(agent, own == "offer", fragment, value)
					answerWords(connection, func() {
						mutex.Lock()
						defer mutex.Unlock()
						isAsking = true
						restart()
					})
				}()
				return
			}
			if !isAsking {
				restart()
			}
			isAsking = false
			check(agent.SetRemoteCredentials(fragment, value))
		case "a=candidate":
			addCandidate(agent, line)
		}
	})
}

// Calls a function for each line of a file that grows; for ever.
func follow(path string, take func(string)) {
	file, err := os.Open(path)
	for ; err != nil; file, err = os.Open(path) {
		time.Sleep(20 * time.Millisecond)
	}
	reader, line := bufio.NewReader(file), ""
	for {
		part, err := reader.ReadString('\n')
		line += part
		switch err {
		case nil:
			take(strings.TrimSpace(line))
			line = ""
		case io.EOF:
			time.Sleep(20 * time.Millisecond)
		default:
			check(err)
		}
	}
}

// Sends each word back, but for "restart"; "end" ends the program.
func answerWords(connection *ice.Conn, restart func()) {
	block := make([]byte, 1500)
	for {
		count, err := connection.Read(block)
		check(err)
		switch word := string(block[1:count]); word {
		case "end":
			os.Exit(0)
		case "restart":
			restart()
		default:
			_, err := connection.Write(block[:count])
			check(err)
		}
	}
}
