# Reads what a group prints, fields divided by tabs:
#
#   goal   WORK  UNIT  RATIO  TITLE      the largest ratio ours to peer that is good; - for none
#   limit  WORK  VALUE                   the largest figure of ours that is good
#   allow  WORK  COUNT                   the largest number of allocations each time; 0 unless given
#   ours   ROUND WORK  VALUE  [ALLOCATIONS]
#   peer   ROUND WORK  VALUE
#
# and prints a row for each work.

function median(list, count,   i, j, swap) {
  for (i = 2; i <= count; i++)
    for (j = i; j > 1 && list[j - 1] > list[j]; j--) {
      swap = list[j]; list[j] = list[j - 1]; list[j - 1] = swap
    }
  return count % 2 ? list[(count + 1) / 2] : (list[count / 2] + list[count / 2 + 1]) / 2
}

$1 == "goal" { order[++works] = $2; unit[$2] = $3; goal[$2] = $4; title[$2] = $5 }
$1 == "allow" { allowed[$2] = $3 }
$1 == "limit" { limit[$2] = $3 }
$1 == "ours" { ours[$3, $2] = $4; if (NF > 4) counted[$3] = 1; if ($5 > allocations[$3]) allocations[$3] = $5; if ($2 > rounds) rounds = $2 }
$1 == "peer" { peer[$3, $2] = $4; hasPeer[$3] = 1 }

END {
  if (json == "yes") printf "{\"group\": \"%s\", \"works\": [", group
  else printf "%-46s %9s %9s %5s %6s %5s %7s  %s\n", "work", "ours", "peer", "unit", "ratio", "goal", "allocs", "met"
  missed = 0
  for (w = 1; w <= works; w++) {
    name = order[w]
    for (i = 1; i <= rounds; i++) {
      a[i] = ours[name, i]
      if (hasPeer[name]) { b[i] = peer[name, i]; r[i] = a[i] / b[i] }
    }
    o = median(a, rounds)
    p = hasPeer[name] ? median(b, rounds) : 0
    ratio = hasPeer[name] ? median(r, rounds) : 0
    met = (goal[name] == "-" || ratio <= goal[name]) && allocations[name] + 0 <= allowed[name] + 0
    if (name in limit && o > limit[name]) met = 0
    if (!met) missed = 1
    if (json == "yes")
      printf "%s{\"work\": \"%s\", \"ours\": %.2f, \"peer\": %.2f, \"unit\": \"%s\", \"ratio\": %.3f, \"goal\": \"%s\", \"limit\": \"%s\", \"allocations\": %d, \"met\": %s}", \
        (w > 1 ? ", " : ""), title[name], o, p, unit[name], ratio, goal[name], limit[name], allocations[name], (met ? "true" : "false")
    else
      printf "%-46s %9.2f %9s %5s %6s %5s %7s  %s\n", title[name], o, hasPeer[name] ? sprintf("%.2f", p) : "-", \
        unit[name], hasPeer[name] ? sprintf("%.3f", ratio) : "-", \
        (name in limit && goal[name] == "-") ? limit[name] " " unit[name] : goal[name], \
        (name in counted) ? allocations[name] + 0 : "-", (met ? "yes" : "no")
  }
  if (json == "yes") print "]}"
  exit missed
}
