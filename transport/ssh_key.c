#include "transport/ssh_key.h"

#include "transport/ssh_pem.h"
#include "transport/ssh_wire.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SSH_KEY_COMMENT_MAX 1024

/* With the NUL that ends it in the file. */
static const char ssh_key_magic[] = "openssh-key-v1";

void ssh_key_init(struct ssh_key *k)
{
	*k = (struct ssh_key){ .format = SSH_KEY_PUBLIC };
	buf_init(&k->blob, SSH_KEY_FILE_MAX);
	buf_init(&k->comment, SSH_KEY_COMMENT_MAX);
}

void ssh_key_release(struct ssh_key *k)
{
	buf_release(&k->blob);
	buf_release(&k->comment);
}

/* Names of RFC 4251, 6: printable US-ASCII without a comma. */
static bool ssh_key_is_name(struct slice s)
{
	if (!s.len || s.len > SSH_KEY_NAME_MAX)
		return false;
	for (size_t i = 0; i < s.len; i++)
		if (s.ptr[i] <= ' ' || s.ptr[i] > '~' || s.ptr[i] == ',')
			return false;
	return true;
}

static void ssh_key_set(char name[SSH_KEY_NAME_MAX + 1], struct slice s)
{
	size_t n = s.len < SSH_KEY_NAME_MAX ? s.len : SSH_KEY_NAME_MAX;

	if (n)
		memcpy(name, s.ptr, n);
	name[n] = '\0';
}

struct slice ssh_key_blob_type(struct slice blob)
{
	struct slice type;

	if (!ssh_wire_string(&blob, &type) || !ssh_key_is_name(type))
		return SLICE_NONE;
	return type;
}

bool ssh_key_is_certificate(const char *type)
{
	return strstr(type, "-cert-v0") != NULL;
}

/* A comment is for people to read: without what a terminal would obey. */
static int ssh_key_comment(struct ssh_key *k, struct slice s, struct error *err)
{
	buf_reset(&k->comment);
	for (size_t i = 0; i < s.len && i < SSH_KEY_COMMENT_MAX; i++) {
		bool control =
			slice_has_control((struct slice){ s.ptr + i, 1 });

		if (buf_add(&k->comment, control ? "?" : s.ptr + i, 1, err) < 0)
			return -1;
	}
	return 0;
}

int ssh_key_blob(struct ssh_key *k, struct slice blob, struct slice comment,
	struct error *err)
{
	struct slice type = ssh_key_blob_type(blob);

	if (!type.ptr || blob.len > SSH_KEY_FILE_MAX)
		return error_set(err, ERROR_INPUT, "it is no public key");
	buf_reset(&k->blob);
	if (buf_addslice(&k->blob, blob, err) < 0 ||
		ssh_key_comment(k, comment, err) < 0)
		return -1;
	ssh_key_set(k->type, type);
	return 0;
}

/* --- private keys ----------------------------------------------------------
 */

static int ssh_key_malformed(struct error *err)
{
	return error_set(err, ERROR_INPUT, "the private key is malformed");
}

/* PROTOCOL.key: the public key stands in clear before the private part. */
static int ssh_key_openssh(struct ssh_key *k, struct slice in,
	const struct ssh_pem *pem, struct error *err)
{
	size_t magic = sizeof(ssh_key_magic);
	struct slice cipher, kdf, options, public, private;
	uint32_t count;

	if (!pem->first || in.len < magic ||
		memcmp(in.ptr, ssh_key_magic, magic) != 0)
		return ssh_key_malformed(err);
	in = (struct slice){ in.ptr + magic, in.len - magic };
	if (!ssh_wire_string(&in, &cipher) || !ssh_key_is_name(cipher) ||
		!ssh_wire_string(&in, &kdf) ||
		!ssh_wire_string(&in, &options) || !ssh_wire_u32(&in, &count) ||
		count != 1 || !ssh_wire_string(&in, &public) ||
		!ssh_wire_string(&in, &private) ||
		!ssh_key_blob_type(public).ptr)
		return ssh_key_malformed(err);
	k->encrypted = !slice_is(cipher, "none");
	if (k->encrypted)
		ssh_key_set(k->cipher, cipher);
	return ssh_key_blob(k, public, SLICE_NONE, err);
}

/* A type that can be had only from what is not encrypted. */
static int ssh_key_der(struct ssh_key *k, const char *type, struct error *err)
{
	if (!type)
		return error_set(err, ERROR_INPUT,
			"the private key is malformed, or of a kind that SSH "
			"does not have");
	ssh_key_set(k->type, slice_of(type));
	return 0;
}

/* The formats, by what stands before "PRIVATE KEY". */
static const struct ssh_key_label {
	const char *label;
	enum ssh_key_format format;
	const char *type; /* NULL: the label does not tell */
	const char *(*from_der)(struct slice der);
} ssh_key_labels[] = {
	{ "OPENSSH ", SSH_KEY_OPENSSH },
	{ "RSA ", SSH_KEY_PEM_RSA, "ssh-rsa" },
	{ "EC ", SSH_KEY_PEM_EC, NULL, ssh_pem_ec_type },
	{ "DSA ", SSH_KEY_PEM_DSA, "ssh-dss" },
	{ "", SSH_KEY_PKCS8, NULL, ssh_pem_pkcs8_type },
	{ "ENCRYPTED ", SSH_KEY_PKCS8_ENCRYPTED },
};

static const struct ssh_key_label *ssh_key_label_of(struct slice label)
{
	size_t n = sizeof(ssh_key_labels) / sizeof(ssh_key_labels[0]);

	for (size_t i = 0; i < n; i++)
		if (slice_is(label, ssh_key_labels[i].label))
			return &ssh_key_labels[i];
	return NULL;
}

static int ssh_key_armoured(struct ssh_key *k, const struct ssh_pem *pem,
	const struct ssh_key_label *row, struct slice decoded,
	struct error *err)
{
	k->format = row->format;
	if (row->format == SSH_KEY_OPENSSH)
		return ssh_key_openssh(k, decoded, pem, err);
	k->encrypted =
		pem->cipher.ptr || row->format == SSH_KEY_PKCS8_ENCRYPTED;
	if (pem->cipher.ptr && ssh_key_is_name(pem->cipher))
		ssh_key_set(k->cipher, pem->cipher);
	if (row->type)
		ssh_key_set(k->type, slice_of(row->type));
	if (!row->from_der || k->encrypted)
		return 0;
	return ssh_key_der(k, row->from_der(decoded), err);
}

int ssh_key_private(struct ssh_key *k, struct slice text, struct error *err)
{
	const struct ssh_key_label *row = NULL;
	struct wipebuf decoded;
	struct ssh_pem pem;
	struct ssh_key made;
	int result = -1;

	wipebuf_init(&decoded, SSH_KEY_FILE_MAX);
	ssh_key_init(&made);
	/* libssh2 is given the text as a string */
	if (!memchr(text.ptr, '\0', text.len) && ssh_pem_find(&pem, text))
		row = ssh_key_label_of(pem.label);
	if (!row) {
		error_set(err, ERROR_INPUT, "it is no private key");
		goto out;
	}
	if (ssh_pem_decode(&decoded, pem.body, err) < 0 ||
		ssh_key_armoured(
			&made, &pem, row, wipebuf_slice(&decoded), err) < 0)
		goto out;
	ssh_key_release(k);
	*k = made;
	ssh_key_init(&made);
	result = 0;
out:
	ssh_key_release(&made);
	wipebuf_release(&decoded);
	return result;
}

/* --- public keys -----------------------------------------------------------
 */

/* Take the next word, which blanks end, from the front of the line. */
static struct slice ssh_key_word(struct slice *line)
{
	struct slice word;
	size_t n = 0;

	while (line->len && (line->ptr[0] == ' ' || line->ptr[0] == '\t')) {
		line->ptr++;
		line->len--;
	}
	while (n < line->len && line->ptr[n] != ' ' && line->ptr[n] != '\t')
		n++;
	word = (struct slice){ line->ptr, n };
	line->ptr += n;
	line->len -= n;
	return word;
}

static int ssh_key_line(struct ssh_key *k, struct slice line, struct error *err)
{
	struct slice type = ssh_key_word(&line), base64 = ssh_key_word(&line);
	struct wipebuf decoded;
	int result = -1;

	if (!ssh_key_is_name(type) || !base64.len)
		return error_set(err, ERROR_INPUT, "it is no public key");
	while (line.len && (line.ptr[0] == ' ' || line.ptr[0] == '\t'))
		line = (struct slice){ line.ptr + 1, line.len - 1 };
	wipebuf_init(&decoded, SSH_KEY_FILE_MAX);
	if (ssh_pem_decode(&decoded, base64, err) < 0)
		goto out;
	if (!slice_eq(ssh_key_blob_type(wipebuf_slice(&decoded)), type)) {
		error_set(err, ERROR_INPUT,
			"the public key is of another type than it says");
		goto out;
	}
	result = ssh_key_blob(k, wipebuf_slice(&decoded), line, err);
	if (!result)
		k->format = SSH_KEY_PUBLIC;
out:
	wipebuf_release(&decoded);
	return result;
}

int ssh_key_public(struct ssh_key *k, struct slice text, struct error *err)
{
	while (text.len) {
		const char *lf = memchr(text.ptr, '\n', text.len);
		struct slice line = { text.ptr,
			lf ? (size_t)(lf - text.ptr) : text.len };
		size_t used = line.len + (lf ? 1 : 0);

		text = (struct slice){ text.ptr + used, text.len - used };
		while (line.len && line.ptr[line.len - 1] == '\r')
			line.len--;
		if (slice_starts(line, "-----BEGIN"))
			break;
		if (slice_starts(line, "#"))
			continue;
		if (ssh_key_line(k, line, NULL) == 0)
			return 0;
	}
	return error_set(err, ERROR_INPUT, "it is no public key");
}

/* --- files -----------------------------------------------------------------
 */

bool ssh_key_is_private(mode_t mode, uid_t owner, uid_t us)
{
	return owner != us || !(mode & 077);
}

static int ssh_key_open(const char *path, struct error *err)
{
	/* NONBLOCK: a FIFO in its place must not make us wait */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd >= 0)
		return fd;
	if (errno == ENOENT || errno == ENOTDIR)
		return error_set(
			err, ERROR_UNAVAILABLE, "there is no such file");
	return error_errno(err, ERROR_DENIED, "it cannot be read");
}

int ssh_key_read(const char *path, struct wipebuf *out, mode_t *exposed,
	struct error *err)
{
	int result = -1, fd = ssh_key_open(path, err);
	struct stat st;

	if (fd < 0)
		return -1;
	if (fstat(fd, &st) < 0) {
		error_errno(err, ERROR_SYSTEM, "stat");
		goto out;
	}
	if (!S_ISREG(st.st_mode)) {
		error_set(err, ERROR_DENIED, "it is not a regular file");
		goto out;
	}
	if (exposed)
		*exposed = ssh_key_is_private(st.st_mode, st.st_uid, getuid())
				   ? 0
				   : st.st_mode & 07777;
	result = wipebuf_read_file(out, fd, err);
out:
	close(fd);
	return result;
}
