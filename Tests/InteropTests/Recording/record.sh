#!/bin/sh
# Records what a program and coturn say to each other.
#
#   record.sh uclient|aioice|chromium    in an empty folder; leaves capture.pcapng there
#
# All of it happens in a network of its own, that is gone with the last of its programs: one
# Ethernet card, 198.51.100.1 and .2 and 2001:db8::1, and coturn on port 3478.
set -eu
here=$(dirname "$0") program=$1
if [ "${2-}" != inside ]; then
  # For whoever is not root: root in a user namespace is enough.
  exec unshare --map-root-user --net sh "$0" "$program" inside
fi

ip link set lo up
ip link add card type veth peer name wire
ip link set card up
ip link set wire up
ip address add 198.51.100.1/24 dev card
ip address add 198.51.100.2/24 dev card
ip address add 2001:db8::1/64 dev card nodad

dumpcap -q -i any -f 'udp or tcp or icmp or icmp6' -w capture.pcapng >dumpcap.log 2>&1 &
dump=$!
turnserver -n -L 198.51.100.1 -E 198.51.100.1 -p 3478 --lt-cred-mech -u user:pass -r example.org \
  --no-tls --no-dtls --no-cli --log-file turn.log --pidfile turn.pid --userdb turn.db \
  >/dev/null 2>&1 &
turn=$!
browser=
trap 'kill $browser $turn $dump 2>/dev/null || true; wait' EXIT

# Waits until a command succeeds; gives up after so many tenths of a second.
await() {
  tries=$1
  shift
  until "$@" >/dev/null 2>&1; do
    tries=$((tries - 1))
    [ "$tries" -gt 0 ] || { echo "waited in vain for: $*" >&2; exit 69; }
    sleep 0.1
  done
}
is_ready() { timeout 1 turnutils_stunclient -p 3478 198.51.100.1 && [ -s capture.pcapng ]; }
await 50 is_ready

case $program in
  uclient)
    # Over UDP and over TCP at once, for it takes its time.
    turnutils_uclient -y -c -m 1 -n 3 -l 100 -u user -w pass -p 3478 198.51.100.1 >udp.log 2>&1 &
    first=$!
    turnutils_uclient -t -y -c -m 1 -n 3 -l 100 -u user -w pass -p 3478 198.51.100.1 >tcp.log 2>&1 &
    wait $first $! || true
    ;;
  aioice) "${PYTHON:-python3}" "$here/agents.py" ;;
  chromium)
    # Without mDNS names, which nobody here would resolve.
    chromium --headless --no-sandbox --disable-gpu --disable-features=WebRtcHideLocalIpsWithMdns \
      --user-data-dir="$PWD/profile" --enable-logging=stderr "file://$here/peers.html" \
      >browser.log 2>&1 &
    browser=$!
    await 200 grep -q 'the peers are done' browser.log
    ;;
esac
sleep 0.3
