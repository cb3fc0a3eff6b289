#include "transport/trust.h"

#include "helper/base/path.h"
#include "helper/base/trace.h"
#include "transport/host_algorithms.h"
#include "transport/host_key.h"
#include "transport/host_refusal.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define TRUST_UNREAD_MAX 4096

void trust_init(struct trust *t)
{
	known_hosts_init(&t->known);
	buf_init(&t->unread, TRUST_UNREAD_MAX);
	t->settings = NULL;
}

void trust_release(struct trust *t)
{
	known_hosts_release(&t->known);
	buf_release(&t->unread);
}

/* Not waiting for a FIFO. Returns -1 with errno. */
static int trust_read(const char *path, struct buf *text)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	char part[8192];
	ssize_t n = -1;
	int why;

	if (fd < 0)
		return -1;
	while ((n = read(fd, part, sizeof(part))) > 0)
		if (buf_add(text, part, (size_t)n, NULL) < 0) {
			errno = EFBIG;
			n = -1;
			break;
		}
	why = errno;
	close(fd);
	errno = why;
	return n < 0 ? -1 : 0;
}

static void trust_trace(const char *file, const char *why, size_t entries)
{
	struct buf shown;

	buf_init(&shown, PATH_LIMIT);
	path_shorten(&shown, file);
	trace_event("known_hosts.file", TRACE_STR("file", shown.ptr),
		TRACE_BOOL("read", !why), TRACE_STR("why", why),
		TRACE_INT("entries", (int64_t)entries));
	buf_release(&shown);
}

/* What cannot be read makes no host known; too much is no file to go by. */
static int trust_load_file(struct trust *t, const char *path, struct error *err)
{
	size_t before = t->known.count;
	struct buf text;
	int got = 0;

	buf_init(&text, KNOWN_HOSTS_TEXT_MAX + 1);
	if (trust_read(path, &text) < 0) {
		got = errno == EFBIG ? -1 : 0;
		if (errno != ENOENT && errno != ENOTDIR)
			buf_addf(&t->unread, NULL, "%s cannot be read: %s\n",
				path, strerror(errno));
		trust_trace(path, strerror(errno), 0);
		if (got < 0)
			error_set(err, ERROR_INPUT, "%s is too long", path);
	} else {
		got = known_hosts_read(&t->known, path, buf_slice(&text), err);
		trust_trace(path, NULL, t->known.count - before);
	}
	buf_release(&text);
	return got;
}

static int trust_load_list(struct trust *t,
	const struct ssh_settings_list *files, struct error *err)
{
	for (size_t i = 0; i < files->count; i++)
		if (strcmp(files->item[i], "none") != 0 &&
			trust_load_file(t, files->item[i], err) < 0)
			return -1;
	return 0;
}

static void trust_tell_bad(struct trust *t)
{
	const struct known_hosts *kh = &t->known;

	for (size_t i = 0; i < kh->bad_count && i < KNOWN_HOSTS_BAD_MAX; i++) {
		const struct known_hosts_bad *bad = &kh->bad[i];

		trace_event("known_hosts.bad", TRACE_STR("file", bad->file),
			TRACE_INT("line", (int64_t)bad->line),
			TRACE_STR("why", bad->why));
		buf_addf(&t->unread, NULL, "%s:%zu is passed over: %s\n",
			bad->file, bad->line, bad->why);
	}
}

int trust_load(struct trust *t, const struct ssh_settings *s, struct error *err)
{
	t->settings = s;
	if (known_hosts_host(&t->known, slice_of(s->hostname), s->port,
		    slice_of(s->hostkeyalias), err) < 0 ||
		trust_load_list(t, &s->userknownhostsfile, err) < 0 ||
		trust_load_list(t, &s->globalknownhostsfile, err) < 0)
		return -1;
	trust_tell_bad(t);
	return 0;
}

/* What ssh would do with a host that is not known; NULL: refuse it, as we. */
static const char *trust_unknown(const struct ssh_settings *s)
{
	if (s->stricthostkeychecking == SSH_SETTINGS_STRICT_ASK)
		return s->batchmode ? NULL : "ssh can ask whether to trust it";
	if (s->stricthostkeychecking == SSH_SETTINGS_STRICT_ACCEPT_NEW)
		return "StrictHostKeyChecking=accept-new adds it";
	return NULL;
}

bool trust_handover(
	const struct trust *t, const struct ssh2_can *can, struct buf *why)
{
	const struct known_hosts_entry *authority =
		known_hosts_authority(&t->known);
	struct error reach = ERROR_INIT;
	const char *unknown = trust_unknown(t->settings);
	size_t pos = 0;

	if (t->settings->stricthostkeychecking == SSH_SETTINGS_STRICT_NO)
		buf_adds(why, "StrictHostKeyChecking=no trusts any key", NULL);
	else if (authority)
		buf_addf(why, NULL,
			"%s:%zu has a certificate authority for the host",
			authority->file, authority->line);
	else if (host_algorithms_reach(&t->known, can, &reach) < 0)
		buf_adds(why, reach.text, NULL);
	else if (unknown && !known_hosts_next(&t->known, &pos))
		buf_addf(why, NULL, "%s %s, and %s", t->known.name.ptr,
			t->known.count ? "has revoked keys only"
				       : "is not known",
			unknown);
	return why->len > 0;
}

static const char *trust_verdict(enum known_hosts_verdict verdict)
{
	static const char *const words[] = {
		[KNOWN_HOSTS_UNKNOWN] = "unknown",
		[KNOWN_HOSTS_KNOWN] = "known",
		[KNOWN_HOSTS_OTHER_TYPE] = "known by another type",
		[KNOWN_HOSTS_CHANGED] = "changed",
		[KNOWN_HOSTS_REVOKED] = "revoked",
	};

	return words[verdict];
}

int trust_check(const struct trust *t, struct slice blob, struct buf *say,
	struct error *err)
{
	char print[HOST_KEY_FINGERPRINT_SIZE];
	struct known_hosts_answer answer;
	struct host_key key;
	struct buf advice;
	int got;

	if (host_key_read(&key, blob, err) < 0 ||
		known_hosts_judge(&t->known, &key, &answer, err) < 0)
		return -1;
	host_key_fingerprint(print, &key);
	trace_event("hostkey", TRACE_STR("name", t->known.name.ptr),
		TRACE_SLICE("type", key.type), TRACE_STR("fingerprint", print),
		TRACE_STR("verdict", trust_verdict(answer.verdict)),
		TRACE_STR("file", answer.entry ? answer.entry->file : NULL),
		TRACE_INT("line",
			answer.entry ? (int64_t)answer.entry->line : 0));
	buf_init(&advice, HOST_REFUSAL_MAX);
	got = host_refusal_say(
		t->settings, &t->known, &key, &answer, &advice, err);
	if (advice.len)
		buf_addf(say, NULL, "%s\n%s", advice.ptr, t->unread.ptr);
	buf_release(&advice);
	return got;
}
