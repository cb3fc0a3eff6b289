#include "transport/ssh_pem.h"

#include <nettle/base64.h>
#include <stdint.h>
#include <string.h>

#define SSH_PEM_BEGIN "-----BEGIN "
#define SSH_PEM_END "-----END "
#define SSH_PEM_TAIL "PRIVATE KEY-----"

/* DER tags (X.690) */
#define SSH_PEM_INTEGER 0x02
#define SSH_PEM_OCTETS 0x04
#define SSH_PEM_OID 0x06
#define SSH_PEM_SEQUENCE 0x30
#define SSH_PEM_CONTEXT_0 0xa0

#define SSH_PEM_BYTES(literal)                                                 \
	{                                                                      \
		(literal), sizeof(literal) - 1                                 \
	}

static const struct slice ssh_pem_ec =
	SSH_PEM_BYTES("\x2a\x86\x48\xce\x3d\x02\x01");

struct ssh_pem_oid {
	struct slice oid;
	const char *type;
};

static const struct ssh_pem_oid ssh_pem_algorithms[] = {
	{ SSH_PEM_BYTES("\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), "ssh-rsa" },
	{ SSH_PEM_BYTES("\x2a\x86\x48\xce\x38\x04\x01"), "ssh-dss" },
	{ SSH_PEM_BYTES("\x2b\x65\x70"), "ssh-ed25519" },
};

static const struct ssh_pem_oid ssh_pem_curves[] = {
	{ SSH_PEM_BYTES("\x2a\x86\x48\xce\x3d\x03\x01\x07"),
		"ecdsa-sha2-nistp256" },
	{ SSH_PEM_BYTES("\x2b\x81\x04\x00\x22"), "ecdsa-sha2-nistp384" },
	{ SSH_PEM_BYTES("\x2b\x81\x04\x00\x23"), "ecdsa-sha2-nistp521" },
};

/* The next line, without its end; false behind the last one. */
static bool ssh_pem_line(struct slice *text, struct slice *line)
{
	const char *lf;

	if (!text->ptr || !text->len)
		return false;
	lf = memchr(text->ptr, '\n', text->len);
	line->ptr = text->ptr;
	line->len = lf ? (size_t)(lf - text->ptr) : text->len;
	text->ptr += line->len + (lf ? 1 : 0);
	text->len -= line->len + (lf ? 1 : 0);
	while (line->len && strchr("\r \t", line->ptr[line->len - 1]) &&
		line->ptr[line->len - 1])
		line->len--;
	return true;
}

/* What stands in "-----BEGIN RSA PRIVATE KEY-----" before "PRIVATE". */
static struct slice ssh_pem_label(struct slice line, const char *front)
{
	size_t head = strlen(front), tail = strlen(SSH_PEM_TAIL);

	if (!slice_starts(line, front) || line.len < head + tail ||
		memcmp(line.ptr + line.len - tail, SSH_PEM_TAIL, tail) != 0)
		return SLICE_NONE;
	return (struct slice){ line.ptr + head, line.len - head - tail };
}

/* RFC 1421's headers end with an empty line, and are not always there. */
static void ssh_pem_headers(struct ssh_pem *pem, struct slice *text)
{
	static const char info[] = "DEK-Info:";
	struct slice rest = *text, line;
	size_t n;

	while (ssh_pem_line(&rest, &line)) {
		if (!line.len) {
			*text = rest;
			return;
		}
		if (!slice_starts(line, info)) {
			if (!memchr(line.ptr, ':', line.len))
				return;
			continue;
		}
		for (n = strlen(info); n < line.len && line.ptr[n] == ' ';)
			n++;
		pem->cipher = (struct slice){ line.ptr + n, line.len - n };
		for (n = 0; n < pem->cipher.len && pem->cipher.ptr[n] != ',';)
			n++;
		pem->cipher.len = n;
	}
}

bool ssh_pem_find(struct ssh_pem *pem, struct slice text)
{
	const char *start = text.ptr;
	struct slice line = SLICE_NONE, rest;

	*pem = (struct ssh_pem){ .label = SLICE_NONE, .cipher = SLICE_NONE };
	while (!pem->label.ptr) {
		if (!ssh_pem_line(&text, &line))
			return false;
		pem->label = ssh_pem_label(line, SSH_PEM_BEGIN);
	}
	pem->first = line.ptr == start;
	ssh_pem_headers(pem, &text);
	rest = text;
	while (ssh_pem_line(&rest, &line))
		if (slice_eq(ssh_pem_label(line, SSH_PEM_END), pem->label)) {
			pem->body = (struct slice){ text.ptr,
				(size_t)(line.ptr - text.ptr) };
			return true;
		}
	return false;
}

int ssh_pem_decode(struct wipebuf *out, struct slice s, struct error *err)
{
	struct base64_decode_ctx ctx;
	size_t room, want = BASE64_DECODE_LENGTH(s.len), n = 0;
	int ok;

	if (wipebuf_room(out, want, &room, err) < 0)
		return -1;
	if (room < want)
		return error_set(err, ERROR_MEMORY, "too long for a key");
	base64_decode_init(&ctx);
	n = room;
	ok = base64_decode_update(
		     &ctx, &n, (uint8_t *)out->ptr + out->len, s.len, s.ptr) &&
	     base64_decode_final(&ctx);
	explicit_bzero(&ctx, sizeof(ctx));
	if (!ok) {
		/* what it wrote before it stopped is a secret too */
		explicit_bzero(out->ptr + out->len, room);
		return error_set(err, ERROR_INPUT, "it is not base64");
	}
	wipebuf_advance(out, n);
	return 0;
}

/* X.690 8.1.3: the length, where it is definite and fits two bytes. */
static bool ssh_pem_length(struct slice *in, size_t *n)
{
	const unsigned char *p = (const unsigned char *)in->ptr;
	size_t bytes = in->len && p[0] & 0x80 ? p[0] & 0x7fu : 0;

	if (bytes > 2 || in->len < 1 + bytes || (bytes == 0 && p[0] & 0x80))
		return false;
	*n = p[0];
	if (bytes)
		*n = bytes == 2 ? (size_t)p[1] << 8 | p[2] : p[1];
	in->ptr += 1 + bytes;
	in->len -= 1 + bytes;
	return *n <= in->len;
}

/* Take the next value, which must have this tag, from the front of in. */
static bool ssh_pem_value(struct slice *in, unsigned tag, struct slice *value)
{
	struct slice rest = *in;
	size_t n;

	if (!rest.len || (unsigned char)rest.ptr[0] != tag)
		return false;
	rest.ptr++;
	rest.len--;
	if (!ssh_pem_length(&rest, &n))
		return false;
	*value = (struct slice){ rest.ptr, n };
	*in = (struct slice){ rest.ptr + n, rest.len - n };
	return true;
}

static const char *ssh_pem_lookup(
	const struct ssh_pem_oid *table, size_t count, struct slice oid)
{
	for (size_t i = 0; i < count; i++)
		if (slice_eq(oid, table[i].oid))
			return table[i].type;
	return NULL;
}

static const char *ssh_pem_curve(struct slice oid)
{
	return ssh_pem_lookup(ssh_pem_curves,
		sizeof(ssh_pem_curves) / sizeof(ssh_pem_curves[0]), oid);
}

const char *ssh_pem_pkcs8_type(struct slice der)
{
	struct slice all, version, algorithm, oid, curve;

	if (!ssh_pem_value(&der, SSH_PEM_SEQUENCE, &all) ||
		!ssh_pem_value(&all, SSH_PEM_INTEGER, &version) ||
		!ssh_pem_value(&all, SSH_PEM_SEQUENCE, &algorithm) ||
		!ssh_pem_value(&algorithm, SSH_PEM_OID, &oid))
		return NULL;
	if (!slice_eq(oid, ssh_pem_ec))
		return ssh_pem_lookup(ssh_pem_algorithms,
			sizeof(ssh_pem_algorithms) /
				sizeof(ssh_pem_algorithms[0]),
			oid);
	if (!ssh_pem_value(&algorithm, SSH_PEM_OID, &curve))
		return NULL;
	return ssh_pem_curve(curve);
}

const char *ssh_pem_ec_type(struct slice der)
{
	struct slice all, version, secret, parameters, curve;

	if (!ssh_pem_value(&der, SSH_PEM_SEQUENCE, &all) ||
		!ssh_pem_value(&all, SSH_PEM_INTEGER, &version) ||
		!ssh_pem_value(&all, SSH_PEM_OCTETS, &secret) ||
		!ssh_pem_value(&all, SSH_PEM_CONTEXT_0, &parameters) ||
		!ssh_pem_value(&parameters, SSH_PEM_OID, &curve))
		return NULL;
	return ssh_pem_curve(curve);
}
