# Reads SIZE, WORK, FIGURE and prints docs/simulator-growth.md.

{ figure[$1, $2] = $3; if (!($1 in seen)) { seen[$1] = 1; sizes[++count] = $1 } }

function grouped(number,   text) {
  text = sprintf("%d", number)
  while (match(text, /[0-9][0-9][0-9][0-9]( |$)/)) text = substr(text, 1, RSTART) " " substr(text, RSTART + 1)
  return text
}

END {
  print "# How the simulator grows"
  print ""
  print "Hosts behind one carrier-grade NAT, each of which sends three empty datagrams to a server on the"
  print "Internet. `Benchmarks/growth` has measured this and drawn the plot. Times are processor time, a host; the"
  print "NAT's table begins with memory for more than a thousand hosts, which few hosts share."
  print ""
  print "| hosts | drawing it | its first packet | each later packet | bytes when drawn | with its mapping |"
  print "| ---: | ---: | ---: | ---: | ---: | ---: |"
  for (i = 1; i <= count; i++) {
    size = sizes[i]
    printf "| %s | %s ns | %s ns | %s ns | %s | %s |\n", grouped(size), grouped(figure[size, "draw"]), \
      grouped(figure[size, "first"]), grouped(figure[size, "later"]), grouped(figure[size, "memory"]), \
      grouped(figure[size, "busy"])
  }
  print ""
  print "![The same as lines, with logarithmic axes: from the fewest to the most hosts, what a host costs changes little.](simulator-growth.svg)"
}
