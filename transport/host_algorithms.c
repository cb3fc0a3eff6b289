#include "transport/host_algorithms.h"

static const struct host_algorithm {
	const char *name, *type;
} host_algorithms[] = {
	{ "ssh-ed25519", "ssh-ed25519" },
	{ "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256" },
	{ "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384" },
	{ "ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521" },
	{ "rsa-sha2-512", "ssh-rsa" },
	{ "rsa-sha2-256", "ssh-rsa" },
};

#define HOST_ALGORITHMS (sizeof(host_algorithms) / sizeof(host_algorithms[0]))

static bool host_algorithms_has(
	const struct ssh2_can *can, const struct host_algorithm *a)
{
	return can->rsa_sha2 || !slice_is(slice_of(a->type), "ssh-rsa");
}

static bool host_algorithms_knows(
	const struct known_hosts *kh, const struct host_algorithm *a)
{
	const struct known_hosts_entry *e;
	size_t pos = 0;

	while ((e = known_hosts_next(kh, &pos)))
		if (slice_is(e->key.type, a->type))
			return true;
	return false;
}

static int host_algorithms_part(const struct known_hosts *kh,
	const struct ssh2_can *can, bool known, struct buf *out,
	struct error *err)
{
	for (size_t i = 0; i < HOST_ALGORITHMS; i++) {
		const struct host_algorithm *a = &host_algorithms[i];

		if (host_algorithms_has(can, a) &&
			host_algorithms_knows(kh, a) == known &&
			buf_addf(out, err, "%s%s", out->len ? "," : "",
				a->name) < 0)
			return -1;
	}
	return 0;
}

int host_algorithms_list(const struct known_hosts *kh,
	const struct ssh2_can *can, struct buf *out, struct error *err)
{
	if (host_algorithms_part(kh, can, true, out, err) < 0)
		return -1;
	return host_algorithms_part(kh, can, false, out, err);
}

int host_algorithms_reach(const struct known_hosts *kh,
	const struct ssh2_can *can, struct error *err)
{
	const struct known_hosts_entry *e;
	struct slice name;
	size_t pos = 0;

	for (size_t i = 0; i < HOST_ALGORITHMS; i++)
		if (host_algorithms_has(can, &host_algorithms[i]) &&
			host_algorithms_knows(kh, &host_algorithms[i]))
			return 0;
	e = known_hosts_next(kh, &pos);
	if (!e)
		return 0;
	name = host_key_type_name(e->key.type);
	return error_set(err, ERROR_UNAVAILABLE,
		"libssh2 %s checks no key that %s is known by: %.*s%s at "
		"%s:%zu",
		can->version, kh->name.ptr, (int)name.len, name.ptr,
		slice_is(e->key.type, "ssh-rsa") ? " (with SHA-2)" : "",
		e->file, e->line);
}
