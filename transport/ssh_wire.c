#include "transport/ssh_wire.h"

static uint32_t ssh_wire_number(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 |
	       (uint32_t)b[2] << 8 | b[3];
}

static struct slice ssh_wire_skip(struct slice in, size_t n)
{
	return (struct slice){ in.ptr + n, in.len - n };
}

bool ssh_wire_u8(struct slice *in, uint8_t *value)
{
	if (in->len < 1)
		return false;
	*value = (uint8_t)in->ptr[0];
	*in = ssh_wire_skip(*in, 1);
	return true;
}

bool ssh_wire_u32(struct slice *in, uint32_t *value)
{
	if (in->len < 4)
		return false;
	*value = ssh_wire_number(in->ptr);
	*in = ssh_wire_skip(*in, 4);
	return true;
}

bool ssh_wire_string(struct slice *in, struct slice *value)
{
	uint32_t n;

	if (in->len < 4)
		return false;
	n = ssh_wire_number(in->ptr);
	if (n > in->len - 4)
		return false;
	*value = (struct slice){ in->ptr + 4, n };
	*in = ssh_wire_skip(*in, 4 + (size_t)n);
	return true;
}

int ssh_wire_put_u8(struct buf *out, uint8_t value, struct error *err)
{
	return buf_add(out, &value, 1, err);
}

int ssh_wire_put_u32(struct buf *out, uint32_t value, struct error *err)
{
	unsigned char b[4] = { (unsigned char)(value >> 24),
		(unsigned char)(value >> 16), (unsigned char)(value >> 8),
		(unsigned char)value };

	return buf_add(out, b, sizeof(b), err);
}

int ssh_wire_put_string(struct buf *out, struct slice value, struct error *err)
{
	if (value.len > UINT32_MAX)
		return error_set(err, ERROR_MEMORY, "too long for SSH");
	if (ssh_wire_put_u32(out, (uint32_t)value.len, err) < 0)
		return -1;
	return buf_add(out, value.ptr, value.len, err);
}
