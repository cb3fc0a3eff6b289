/*
 * host_refusal: the words for a server whose key is not to be trusted.
 */
#ifndef HOST_REFUSAL_H
#define HOST_REFUSAL_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "transport/known_hosts.h"
#include "transport/ssh_settings.h"

/* For the advice, usually 400 bytes; as much as trace_say shows. */
#define HOST_REFUSAL_MAX 1000

/*
 * Say what answer (of known_hosts_judge) means for a person. For KNOWN nothing
 * is said and 0 returned. For all others -1 with ERROR_DENIED: the error says
 * what happened, with the name looked for (and so the port), the fingerprint
 * that is offered, and file:line of what is known; and advice, an empty or
 * reset buf, gets one line of what to do about it, with the commands to type.
 * These leave the comparing of fingerprints to ssh(1), which takes one for an
 * answer (OpenSSH 8.0), and take no line from a file of globalknownhostsfile
 * nor one that may mean other hosts. Of s host, user, port and globalknown-
 * hostsfile are used. An advice that the buf has no room for is left out.
 */
int host_refusal_say(const struct ssh_settings *s, const struct known_hosts *kh,
	const struct host_key *offered, const struct known_hosts_answer *answer,
	struct buf *advice, struct error *err);

#endif
