/*
 * The bytes as lines: host, path and user that are asked for; an item's
 * attributes; and the text of its secret. Whatever stands there: an item
 * answers for its own host and port alone, what we write answers for what it
 * was written for, and a text that was written need not be written again.
 */
#include "helper/source/keyring_item.h"
#include "helper/source/keyring_secret.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next line, absent where it is empty. */
static struct slice cut(struct slice *rest)
{
	const char *lf = rest->len ? memchr(rest->ptr, '\n', rest->len) : NULL;
	struct slice line = *rest;

	if (!lf) {
		*rest = SLICE_NONE;
	} else {
		line.len = (size_t)(lf - line.ptr);
		rest->ptr += line.len + 1;
		rest->len -= line.len + 1;
	}
	return line.len ? line : SLICE_NONE;
}

static void check(bool holds)
{
	if (!holds)
		abort();
}

static void check_item(
	const struct keyring_item *item, const struct target *asked)
{
	bool gcm = keyring_item_kind(item) == KEYRING_ITEM_GCM;
	struct slice server = item->attribute[KEYRING_ITEM_SERVER];
	struct target other = *asked;
	bool answers = keyring_item_answers(item, asked);

	check(!keyring_item_before(item, item, asked));
	check(answers || !keyring_item_erased(item, asked, true));
	check(answers || !keyring_item_same(item, asked));
	check(keyring_item_erased(item, asked, true) ||
		!keyring_item_erased(item, asked, false));
	check(!gcm || !keyring_item_erased(item, asked, true));
	if (!answers)
		return;
	check(gcm || slice_eq_nocase(server, asked->host));
	other.port = target_port(asked) == 1 ? 2 : 1;
	check(!keyring_item_answers(item, &other));
	other = *asked;
	other.host = slice_of("[fd00::1:2:3:4]");
	check(slice_eq_nocase(asked->host, other.host) ||
		!keyring_item_answers(item, &other));
}

static void check_written(const struct target *asked)
{
	struct keyring_item item;
	struct buf text;
	char number[8];

	keyring_item_of(&item, asked, number);
	check(keyring_item_same(&item, asked));
	check_item(&item, asked);
	check(keyring_item_answers(&item, asked));
	buf_init(&text, 1 << 16);
	keyring_item_label(asked, &text);
	keyring_item_service(asked, "git", true, &text);
	buf_release(&text);
}

static void check_secret(struct slice stored, struct slice password,
	struct slice refresh, int64_t expiry)
{
	struct credential c = { .password = password,
		.oauth_refresh_token = refresh,
		.password_expiry_utc = expiry };
	struct credential read = { .quit = false };
	struct wipebuf once, twice;

	if (!password.ptr)
		return;
	wipebuf_init(&once, 1 << 20);
	wipebuf_init(&twice, 1 << 20);
	check(!keyring_secret_write(stored, &c, 0, &once, NULL));
	check(keyring_secret_holds(wipebuf_slice(&once), &c, 0));
	keyring_secret_read(wipebuf_slice(&once), &read);
	check(slice_eq(read.password, password));
	check(!keyring_secret_write(wipebuf_slice(&once), &c, 0, &twice, NULL));
	check(slice_eq(wipebuf_slice(&once), wipebuf_slice(&twice)));
	wipebuf_release(&twice);
	wipebuf_release(&once);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice rest = { (const char *)data, size };
	struct slice host = cut(&rest), path = cut(&rest), user = cut(&rest);
	struct slice password = cut(&rest), refresh = cut(&rest);
	struct keyring_item item = { .modified = 1 };
	struct target asked;

	for (size_t i = 0; i < KEYRING_ITEM_ATTRIBUTES; i++)
		item.attribute[i] = cut(&rest);
	if (target_from_credential(
		    &asked, slice_of("https"), host, path, user, NULL) == 0) {
		check_item(&item, &asked);
		check_written(&asked);
	}
	check_secret(rest, password, refresh, (int64_t)size);
	return 0;
}
