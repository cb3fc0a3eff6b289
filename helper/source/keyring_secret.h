/*
 * keyring_secret: the text of a keyring's secret. Pure.
 *
 * As git-credential-libsecret writes it since git 2.43: the password is the
 * first line; password_expiry_utc=SECONDS and oauth_refresh_token=TOKEN may
 * stand on lines behind it; the last line has no LF. Other lines are other
 * programs' and are kept.
 */
#ifndef KEYRING_SECRET_H
#define KEYRING_SECRET_H

#include "helper/base/error.h"
#include "helper/base/slice.h"
#include "helper/base/wipebuf.h"
#include "helper/source/credential.h"

#include <stdbool.h>
#include <stdint.h>

/* The longest text that is read or written, in bytes. */
#define KEYRING_SECRET_MAX (1 << 17)

/*
 * Take password, expiry and refresh token from text into c, whose other
 * attributes stay; they are slices of text.
 */
void keyring_secret_read(struct slice text, struct credential *c);

/*
 * Would storing c change nothing of text? Its password is the same, and
 * so is the metadata that c has: git before 2.41 sends none back, and what it
 * does not send is not lost. An expiry that is past by now (seconds since the
 * epoch) is no part of it: the password was accepted since.
 */
bool keyring_secret_holds(
	struct slice text, const struct credential *c, int64_t now);

/*
 * Append the text to store for c over what was stored (absent: nothing was).
 * Where the password is the same, metadata that c lacks is kept, unless it is
 * an expiry that is past by now. Returns 0, or
 * -1 with ERROR_MEMORY, or ERROR_INPUT where a value holds a LF.
 */
int keyring_secret_write(struct slice stored, const struct credential *c,
	int64_t now, struct wipebuf *out, struct error *err);

#endif
