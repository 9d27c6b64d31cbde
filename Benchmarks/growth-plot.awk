# Reads SIZE, WORK, FIGURE and prints docs/simulator-growth.svg: two panels with logarithmic axes.

BEGIN {
  left = 70; width = 260; top = 40; height = 220; gap = 110
  split("draw first later", times, " ")
  split("memory busy", bytes, " ")
  name["draw"] = "drawing a host"; name["first"] = "its first packet"; name["later"] = "a later packet"
  below["later"] = below["memory"] = 1
  name["memory"] = "a host as drawn"; name["busy"] = "with its mapping"
}

{ figure[$1, $2] = $3; if (!($1 in seen)) { seen[$1] = 1; sizes[++count] = $1 } }

function log10(number) { return log(number) / log(10) }
function x(panel, size) {
  return left + panel * (width + gap) + (log10(size) - low) / (high == low ? 1 : high - low) * width
}
# From 100 to 10 000 in both panels.
function y(value) { return top + height - (log10(value) - 2) / 2 * height }

function axes(panel, title,   value, i, start) {
  start = left + panel * (width + gap)
  printf "<text class=\"title\" x=\"%d\" y=\"%d\">%s</text>\n", start, top - 16, title
  for (value = 100; value <= 10000; value *= 10) {
    printf "<path class=\"grid\" d=\"M%d %.1fh%d\"/>\n", start, y(value), width
    printf "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d</text>\n", start - 8, y(value) + 4, value
  }
  for (i = 1; i <= count; i++)
    printf "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%s</text>\n", x(panel, sizes[i]), top + height + 20, sizes[i]
  printf "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">hosts</text>\n", start + width / 2, top + height + 40
}

function line(panel, work, number,   i, path, end) {
  for (i = 1; i <= count; i++)
    path = path sprintf("%s%.1f %.1f", i == 1 ? "M" : "L", x(panel, sizes[i]), y(figure[sizes[i], work]))
  printf "<path class=\"line line%d\" d=\"%s\"/>\n", number, path
  for (i = 1; i <= count; i++)
    printf "<circle class=\"dot%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"3\"/>\n", number, x(panel, sizes[i]), y(figure[sizes[i], work])
  end = sizes[count]
  printf "<text class=\"name%d\" x=\"%.1f\" y=\"%.1f\" text-anchor=\"end\">%s</text>\n", number, \
    x(panel, end), y(figure[end, work]) + (work in below ? 18 : -8), name[work]
}

END {
  low = log10(sizes[1]); high = log10(sizes[count])
  total = left + 2 * width + gap + 30
  printf "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">\n", total, top + height + 56
  print "<title>What a host behind a carrier-grade NAT costs, by the number of hosts</title>"
  print "<style>"
  print "text { font: 12px sans-serif; fill: #333 } .title { font-weight: bold } .grid { stroke: #ccc; fill: none }"
  print ".line { fill: none; stroke-width: 2 }"
  print ".line1 { stroke: #0a5bb5 } .line2 { stroke: #a34700 } .line3 { stroke: #1d7a3a }"
  print ".dot1, text.name1 { fill: #0a5bb5 } .dot2, text.name2 { fill: #a34700 } .dot3, text.name3 { fill: #1d7a3a }"
  print "@media (prefers-color-scheme: dark) {"
  print "text { fill: #ddd } .grid { stroke: #555 } .line1 { stroke: #7ab8ff } .line2 { stroke: #ffb07a } .line3 { stroke: #7fd79b }"
  print ".dot1, text.name1 { fill: #7ab8ff } .dot2, text.name2 { fill: #ffb07a } .dot3, text.name3 { fill: #7fd79b }"
  print "}"
  print "</style>"
  axes(0, "nanoseconds a host")
  for (i = 1; i <= 3; i++) line(0, times[i], i)
  axes(1, "bytes a host")
  for (i = 1; i <= 2; i++) line(1, bytes[i], i)
  print "</svg>"
}
