import Glibc

/// Deletes what was used longest ago of those files in the cache whose names begin alike.
func forgetOldest(_ prefix: String, in cache: String, keeping count: Int) {
  let files = names(in: cache).filter { $0.hasPrefix(prefix) }
  guard files.count > count else { return }
  let byAge = files.map { name in
    var status = stat()
    stat("\(cache)/\(name)", &status)
    return (path: "\(cache)/\(name)", used: status.st_mtim.tv_sec)
  }.sorted { $0.used > $1.used }
  for old in byAge.dropFirst(count) { unlink(old.path) }
}
