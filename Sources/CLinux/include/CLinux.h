#pragma once
// What Linux and the C library offer but Swift's Glibc module does not show.

/// Adds a change of folder to what a spawned child does first; `actions` is a
/// `posix_spawn_file_actions_t`, unnamed here so that its header stays the Glibc module's.
int linux_spawn_add_chdir(void *actions, const char *folder);

/// Makes a pipe whose ends a spawned child does not inherit.
int linux_pipe_close_on_exec(int ends[2]);

/// Waits as `poll` does, to the nanosecond; a negative number of them stands for ever. `entries` is an
/// array of `struct pollfd`, unnamed here for the same reason.
int linux_wait(void *entries, unsigned long count, long long nanoseconds);

/// Has the kernel end this process when its parent ends, however that happens.
int linux_die_with_parent(void);

/// Starts a program that nobody waits for, in a session of its own, with nothing to read and nowhere
/// to print, and so that it yields to everybody else. `arguments` end with NULL.
void linux_start_in_background(const char *path, const char *const arguments[]);

/// From now on a crash of this process is written to a descriptor before it ends the process, a fact a
/// line: `signal 4`; `stack` where the stack was used up; `frame` and a hexadecimal offset for each
/// call that is in `library`, the innermost first; then what `describe` writes. SIGALRM after so many
/// seconds is reported likewise, and the process may use so many bytes of memory.
void linux_report_crashes(int descriptor, const char *library, void (*describe)(int),
                          unsigned seconds, unsigned long bytes);

/// Has a stack that is used up in this thread reported too, and the alarm report what runs in it.
void linux_report_crashes_of_thread(void);

/// Makes standard output write each line when it is complete, to whatever it leads.
int linux_buffer_standard_output_by_line(void);

/// From now on, when a signal ends this process, the terminal on standard input gets the settings
/// back that it has now and the ordinary screen, before the signal does what it would have done.
void linux_restore_terminal_on_death(void);

/// Undoes `linux_restore_terminal_on_death`.
void linux_forget_terminal(void);

/// From now on Ctrl-C ends nothing here; it is only remembered.
void linux_remember_interrupts(void);

/// Whether Ctrl-C has come since this was last asked.
int linux_take_interrupt(void);

/// Runs a shell command with this process's own terminal and waits for it; Ctrl-C meanwhile is the
/// command's alone. Gives its exit code, or -1 where it did not start or a signal ended it.
int linux_run_in_foreground(const char *command);

/// Watches a folder for files that are written or moved into it; the descriptor to read, or -1.
int linux_watch_folder(const char *folder);

/// Takes in what a watched folder has reported so far; whether there was anything.
int linux_take_changes(int descriptor);

/// Keeps SIGINT, SIGTERM and SIGHUP from this thread; gives a descriptor that is readable once one
/// of them has come, or -1.
int linux_hold_stop_signals(void);

/// Keeps these signals from this thread; gives a descriptor that is readable once one of them has
/// come, or -1.
int linux_hold_signals(const int *signals, int count);

/// The next signal that has come on such a descriptor, or 0, and whether a key at the terminal sent
/// it: to every program that runs there, then.
int linux_take_signal(int descriptor, int *fromTerminal);

/// Takes this thread into a network namespace, into a new one if `network` is -1. Gives a descriptor
/// of the one that it comes from, or -1.
int linux_enter_network(int network);

/// Takes this thread back, and closes the descriptor.
int linux_leave_network(int home);

/// Starts a program in a network namespace; it is ended when this process ends. The terminal and the
/// process group stay. Gives the process, or -1 where the program cannot be started.
int linux_start_in_network(int network, char *const arguments[]);

/// A host that is a network namespace, and the streams of a program on it: descriptors, or -1 for this
/// process's own. `names` is what its /etc/hosts says.
struct linux_host {
  int network;
  const char *name;
  const char *names;
  int input;
  int output;
  int errors;
};

/// Starts a program on a host, in process, mount and host name namespaces of its own: when it ends, or
/// this process does, however that happens, all that it has started ends too. The terminal and the
/// process group stay. Gives the process that passes signals on to all of them, or -1 where the program
/// cannot be started.
int linux_start_on_host(const struct linux_host *host, char *const arguments[]);

/// The bytes of `struct virtio_net_hdr`, which stands before each packet of a TUN device.
#define LINUX_TUN_HEADER_LENGTH 10

/// Opens a TUN device in this network namespace, and makes it if it is not there; one that was made
/// goes when the descriptor is closed. `name` has 16 bytes and gets the device's name, which differs
/// where `%d` stood for a number. Gives the descriptor, or -1.
int linux_open_tun(char *name, int *existed);

/// Whether the kernel may hand over TCP segments of 64 KiB, and checksums that are begun only.
int linux_set_tun_offload(int device, int enabled);

/// A device's largest packet, or -1.
int linux_mtu(const char *name);

int linux_set_mtu(const char *name, int mtu);

/// How many packets wait for whoever reads a device, before more are dropped.
int linux_set_queue_length(const char *name, int packets);

int linux_bring_up(const char *name);

/// Gives a device an address, its 4 or 16 bytes as on the wire.
int linux_add_address(const char *name, int isV6, const unsigned char *address, int prefixLength);

/// Sends everything that has no other way to a device, in one of the kernel's tables of routes, 0 for the
/// main one. Of several such routes there that with the lowest metric counts.
int linux_add_default_route(const char *name, int isV6, unsigned metric, unsigned table);

/// Has what is sent from an address go by a table of its own.
int linux_add_source_rule(int isV6, const unsigned char *address, unsigned table);

/// An IPv4 or IPv6 endpoint: the port in host order, the address's 4 or 16 bytes as on the wire, and
/// the index of the interface where that is known.
struct linux_endpoint {
  unsigned char isV6;
  unsigned short port;
  unsigned interface;
  unsigned char address[16];
};

/// Opens a UDP socket that does not block and tells where each datagram was sent to, or gives -1.
/// If it joins, its endpoint may be that of other sockets that share theirs (SO_REUSEPORT).
int linux_udp_open(const struct linux_endpoint *local, int joins);

/// Tells the endpoint that a socket is bound to; 0, or -1.
int linux_socket_name(int socket, struct linux_endpoint *local);

/// Takes one datagram: its size in the buffer, or -1. `destination` has no port.
long linux_udp_receive(int socket, void *buffer, unsigned long capacity,
                       struct linux_endpoint *source, struct linux_endpoint *destination,
                       int *isTruncated);

/// Has datagrams of one flow that the kernel has put together handed over as one (UDP_GRO); 0, or -1
/// where the kernel cannot.
int linux_udp_put_together(int socket);

/// Sets whether a UDP socket tells where each datagram was sent to; 0, or -1.
int linux_udp_tell_destination(int socket, int isV6, int enabled);

/// How many bytes of datagrams may wait at a socket, as far as the system's limit allows; 0, or -1.
int linux_udp_set_receive_buffer(int socket, int bytes);

/// Memory for the headers of datagrams that are received at once.
struct linux_arrivals;

/// Has the datagrams stand in a buffer, each `stride` bytes after the one before it, `offset` bytes from
/// there and at most `capacity` long. Gives NULL where there is no memory.
struct linux_arrivals *linux_arrivals_make(void *buffer, unsigned count, unsigned long stride,
                                           unsigned long offset, unsigned long capacity);

void linux_arrivals_free(struct linux_arrivals *arrivals);

/// Takes the datagrams that wait, as many as there is room for: how many, or -1.
int linux_udp_receive_many(int socket, struct linux_arrivals *arrivals);

/// A datagram, or several of `segment` bytes, the last of which may be shorter.
struct linux_arrival {
  struct linux_endpoint source;
  /// Without a port; not there unless the socket tells.
  struct linux_endpoint destination;
  unsigned count;
  unsigned segment;
  unsigned char isTruncated;
  unsigned char hasDestination;
};

/// Tells of one of those that have been received.
void linux_arrival(const struct linux_arrivals *arrivals, unsigned index,
                   struct linux_arrival *arrival);

/// A datagram to be sent, or several of `segment` bytes, the last of which may be shorter.
struct linux_departure {
  const void *bytes;
  unsigned count;
  /// 0 for one datagram.
  unsigned segment;
  struct linux_endpoint destination;
  /// The address of this host that it leaves from.
  struct linux_endpoint source;
  unsigned char hasSource;
};

/// The most that are sent at once.
#define LINUX_DEPARTURES 64

/// Sends datagrams by one system call: how many of them, or -1 where the first could not be sent.
int linux_udp_send_many(int socket, const struct linux_departure *departures, unsigned count);

/// Has ICMP errors about what a UDP socket has sent kept for `linux_udp_take_error`; 0, or -1.
int linux_udp_keep_errors(int socket, int isV6);

/// Why something that a UDP socket has sent did not arrive. Where this host itself had to refuse it,
/// as too long for the link, there is no ICMP message and `type` and `code` are zero.
struct linux_udp_error {
  unsigned char isLocal;
  unsigned char type;
  unsigned char code;
  /// The reason as an `errno`.
  int reason;
  /// The MTU, where the packet was too big.
  unsigned information;
};

/// Takes one error that was kept: 1, 0 if there is none, or -1. `destination` is where the packet
/// was sent to.
int linux_udp_take_error(int socket, struct linux_endpoint *destination,
                         struct linux_udp_error *error);

/// Sets whether what a UDP socket sends may be fragmented, here and on its way; 0, or -1.
int linux_udp_forbid_fragments(int socket, int isV6, int forbidden);

/// Finds out which address of this host packets to a destination leave from; 0, or -1.
int linux_udp_source(const struct linux_endpoint *destination, struct linux_endpoint *source);

/// Opens a TCP socket that listens and does not block, or gives -1.
int linux_tcp_listen(const struct linux_endpoint *local, int backlog);

/// Takes a connection, or gives -1; it does not block either.
int linux_tcp_accept(int listener, struct linux_endpoint *remote);

/// Begins a connection from an endpoint of this host, which may be unspecified, or gives -1. Once the
/// socket is writable, `linux_socket_error` tells what came of it.
int linux_tcp_connect(const struct linux_endpoint *remote, const struct linux_endpoint *local);

/// Takes the error of a socket, an `errno`; 0 for none.
int linux_socket_error(int socket);

/// Writes what a connection takes now: how many bytes, or -1. No signal tells of one that is over.
long linux_stream_write(int socket, const void *bytes, unsigned long count);

/// What a descriptor is ready for; the bits of `poll`.
struct linux_ready {
  unsigned long long name;
  short events;
};

/// The most that one wait tells of.
#define LINUX_READY 128

/// Opens a list of descriptors to wait for, however many; its descriptor, or -1.
int linux_readiness_open(void);

/// Puts a descriptor on the list, or changes what it is there for; 0, or -1. Of those that are always
/// ready, such as regular files, `errno` is EPERM.
int linux_readiness_watch(int list, int descriptor, short events, unsigned long long name);

void linux_readiness_forget(int list, int descriptor);

/// Waits as `poll` does; how many are ready, or -1.
int linux_readiness_wait(int list, struct linux_ready *ready, int count, int milliseconds);
