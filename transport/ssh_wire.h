/*
 * ssh_wire: SSH's own data types (RFC 4251 section 5), read and written.
 *
 * Keys, signatures and the messages of an ssh-agent are made of them.
 */
#ifndef SSH_WIRE_H
#define SSH_WIRE_H

#include "helper/base/buf.h"
#include "helper/base/error.h"
#include "helper/base/slice.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Take a value from the front of in. Returns false, with in as it was, where
 * there are not the bytes for it. A string is a slice of in and never absent.
 */
bool ssh_wire_u8(struct slice *in, uint8_t *value);
bool ssh_wire_u32(struct slice *in, uint32_t *value);
bool ssh_wire_string(struct slice *in, struct slice *value);

/* Append a value. Returns 0, or -1 with ERROR_MEMORY. */
int ssh_wire_put_u8(struct buf *out, uint8_t value, struct error *err);
int ssh_wire_put_u32(struct buf *out, uint32_t value, struct error *err);
int ssh_wire_put_string(struct buf *out, struct slice value, struct error *err);

#endif
