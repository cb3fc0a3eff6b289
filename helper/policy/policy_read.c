#include "helper/base/buf.h"
#include "helper/policy/policy_error.h"
#include "helper/policy/policy_ini.h"
#include "helper/policy/policy_store.h"

/* What policy_read_bytes hands through the reader. */
struct policy_reading {
	struct policy *policy;
	const char *file;
	enum policy_scope scope;
	struct policy_section *section;
};

static int policy_read_section(
	void *arg, struct slice host, int line, struct error *err)
{
	struct policy_reading *r = arg;
	struct error why;

	r->section = policy_store_section(r->policy, host, &why);
	if (!r->section)
		return policy_error_wrap(err, r->file, line, &why);
	return 0;
}

static int policy_read_add(struct policy_reading *r, enum policy_key key,
	struct slice text, int line, struct error *err)
{
	struct policy_value value = {
		.file = r->file, .line = line, .scope = r->scope
	};

	value.text = policy_store_keep(r->policy, text);
	if (!value.text)
		return error_set(err, ERROR_MEMORY, "out of memory");
	return policy_store_add(r->section, key, &value, err);
}

static int policy_read_once(struct policy_reading *r, enum policy_key key,
	int line, struct error *err)
{
	const struct policy_entry *e = r->section->entries;

	for (; e; e = e->next)
		if (e->key == key && e->value.file == r->file)
			return policy_error_at(err, r->file, line,
				"'%s' is already set in line %d, in the same "
				"section",
				policy_key_row(key)->name, e->value.line);
	return 0;
}

/* The section's header as an error shows it, in one buf. */
static int policy_read_key(struct policy_reading *r, enum policy_key *key,
	struct slice name, struct error *err)
{
	struct buf header;
	int rc;

	if (r->section->is_default)
		return policy_key_find(key, name, "default", err);
	buf_init(&header, POLICY_INI_LINE_MAX + 8);
	rc = buf_addf(&header, err, "host \"%s\"", r->section->name);
	if (rc == 0)
		rc = policy_key_find(key, name, header.ptr, err);
	buf_release(&header);
	return rc;
}

static int policy_read_pair(void *arg, struct slice name, struct slice value,
	int line, struct error *err)
{
	struct policy_reading *r = arg;
	enum policy_key key = POLICY_KEYS;
	struct error why;
	struct buf text;
	int rc;

	buf_init(&text, POLICY_INI_LINE_MAX);
	rc = policy_read_key(r, &key, name, &why);
	if (rc == 0)
		rc = policy_key_parse(key, value, &text, &why);
	if (rc == 0 && r->scope == POLICY_ENV)
		rc = policy_key_check_env(key, text.ptr, &why);
	if (rc < 0)
		policy_error_wrap(err, r->file, line, &why);
	else
		rc = policy_read_once(r, key, line, err);
	if (rc == 0)
		rc = policy_read_add(r, key, buf_slice(&text), line, err);
	buf_release(&text);
	return rc;
}

int policy_read_bytes(struct policy *p, struct slice bytes, const char *file,
	enum policy_scope scope, struct error *err)
{
	struct policy_reading reading = { .policy = p, .scope = scope };
	struct policy_ini_sink sink = { policy_read_section, policy_read_pair,
		&reading };

	reading.file = policy_store_keep(p, slice_of(file));
	if (!reading.file)
		return error_set(err, ERROR_MEMORY, "out of memory");
	return policy_ini_read(bytes, reading.file, &sink, err);
}
