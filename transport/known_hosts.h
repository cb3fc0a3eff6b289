/*
 * known_hosts: what the files of known hosts say of one host.
 *
 * sshd(8), SSH_KNOWN_HOSTS FILE FORMAT, read as OpenSSH's hostfile.c and
 * sshconnect.c do it (tried with 9.2 where it is not in the manual):
 *
 * - The name looked for is HostKeyAlias as it is, without a port; else the
 *   host name, or "[host]:port" where the port is not 22. All in lower case.
 * - Where "[host]:port" has no key at all, the plain host name is asked
 *   ("checking without port identifier"): its key makes the host known, but
 *   another key there never makes it changed. Not with HostKeyAlias.
 * - Any key on any line of any file may match, so that files and lines have no
 *   order but for what is named: the first entry that says so. UserKnownHosts-
 *   File comes before GlobalKnownHostsFile; read them in this order.
 * - A bad line spoils only itself, and is counted.
 *
 * On purpose it is stricter in these:
 * - A key that is revoked under the plain name is revoked on every port.
 *   OpenSSH asks the plain name last, and with accept-new adds such a key.
 * - A marker may be followed by a tab. OpenSSH passes over the line where a
 *   space stands anywhere behind that tab, and so misses the revocation.
 * - A key of a type we do not know makes the host known, by another type;
 *   OpenSSH passes over the line.
 * - What is over a limit is an error, never a line less.
 */
#ifndef KNOWN_HOSTS_H
#define KNOWN_HOSTS_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "transport/host_key.h"

#include <stdbool.h>
#include <stddef.h>

#define KNOWN_HOSTS_NAME_MAX 1024 /* bytes of a host name or alias */
#define KNOWN_HOSTS_LINE_MAX (256 << 10) /* bytes without the LF */
#define KNOWN_HOSTS_TEXT_MAX (64 << 20) /* bytes of all files together */
#define KNOWN_HOSTS_ENTRIES_MAX 4096 /* that match the host */
#define KNOWN_HOSTS_KEYS_MAX (4 << 20) /* bytes of their keys */
#define KNOWN_HOSTS_BAD_MAX 8 /* bad lines that are told one by one */

enum known_hosts_marker {
	KNOWN_HOSTS_MARKER_NONE,
	KNOWN_HOSTS_MARKER_REVOKED,
	KNOWN_HOSTS_MARKER_AUTHORITY,
};

/* One line that means the host. */
struct known_hosts_entry {
	const char *file;
	size_t line; /* from 1 */
	enum known_hosts_marker marker;
	bool portless; /* it has the plain name, and the port is not 22 */
	bool pattern; /* with *, ? or !: it may mean other hosts as well */
	struct host_key key; /* private memory, valid as long as kh */
};

struct known_hosts_bad {
	const char *file;
	size_t line;
	const char *why; /* static */
};

struct known_hosts {
	struct buf name; /* looked for: "host", "[host]:port" or the alias */
	struct buf plain; /* private: "host" where name has a port */
	struct known_hosts_entry *entries;
	size_t count;
	size_t bad_count; /* bad lines in all; the first ones are in bad */
	struct known_hosts_bad bad[KNOWN_HOSTS_BAD_MAX];
	size_t cap, text_bytes, key_bytes; /* private */
	bool broken; /* private: a line may be missing */
};

enum known_hosts_verdict {
	KNOWN_HOSTS_UNKNOWN,
	KNOWN_HOSTS_KNOWN,
	/*
	 * There are keys, none of this type. OpenSSH says CHANGED, and so
	 * refuses it with accept-new as well: never to be added unasked.
	 */
	KNOWN_HOSTS_OTHER_TYPE,
	KNOWN_HOSTS_CHANGED, /* a key of this type, and this one is not there */
	KNOWN_HOSTS_REVOKED, /* wins over every other */
};

struct known_hosts_answer {
	enum known_hosts_verdict verdict;
	const struct known_hosts_entry *entry; /* NULL for UNKNOWN alone */
};

void known_hosts_init(struct known_hosts *kh);
void known_hosts_release(struct known_hosts *kh);

/*
 * Which host this is about; once, before any file. host is the name to
 * connect to (IPv6 without brackets), alias HostKeyAlias or absent. Returns -1
 * with ERROR_INPUT where one is empty, longer than KNOWN_HOSTS_NAME_MAX or has
 * a control character.
 */
int known_hosts_host(struct known_hosts *kh, struct slice host, int port,
	struct slice alias, struct error *err);

/*
 * Read the text of one file and keep what means the host. A file that is not
 * there is not read; it is no error. text may go afterwards, while file (for
 * messages) must outlive kh. LF ends a line, the last may be without; a CR
 * before it is dropped; a NUL ends what is looked at, as in C. Keys are looked
 * at only on lines that mean the host. Returns -1 with ERROR_INPUT over one of
 * the limits or ERROR_MEMORY; no key is judged by such a kh any more.
 */
int known_hosts_read(struct known_hosts *kh, const char *file,
	struct slice text, struct error *err);

/*
 * What the entries say of the key that the server has. To be asked once all
 * files are read. Returns -1 with ERROR_INPUT after a read that failed.
 */
int known_hosts_judge(const struct known_hosts *kh, const struct host_key *key,
	struct known_hosts_answer *answer, struct error *err);

/*
 * The first @cert-authority entry, under either name; NULL if there is none.
 * We cannot check certificates: such a host is OpenSSH's, before connecting.
 */
const struct known_hosts_entry *known_hosts_authority(
	const struct known_hosts *kh);

/*
 * Walk the entries that a key can be KNOWN by: no marker, the key not revoked,
 * the plain name's only where the name with the port has none. *pos starts at
 * 0. Returns NULL after the last.
 */
const struct known_hosts_entry *known_hosts_next(
	const struct known_hosts *kh, size_t *pos);

#endif
