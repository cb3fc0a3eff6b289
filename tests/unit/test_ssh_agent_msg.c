#include "transport/ssh_agent_msg.h"
#include "transport/ssh_wire.h"

#include "tests/unit/unit.h"

#define KEY "\0\0\0\x0f\0\0\0\x0bssh-ed25519\0\0\0\x02me"

/* As many as OpenSSH's agent may have, and one more. */
static void test_most_keys(void **state)
{
	struct ssh_agent_msg_keys keys;
	struct error err = ERROR_INIT;
	struct buf b;

	(void)state;
	for (uint32_t n = SSH_AGENT_MSG_KEYS_MAX;
		n <= SSH_AGENT_MSG_KEYS_MAX + 1; n++) {
		bool good = n == SSH_AGENT_MSG_KEYS_MAX;

		buf_init(&b, SSH_AGENT_MSG_MAX);
		ssh_wire_put_u8(&b, 12, NULL);
		ssh_wire_put_u32(&b, n, NULL);
		for (uint32_t i = 0; i < n; i++)
			buf_add(&b, KEY, sizeof(KEY) - 1, NULL);
		assert_int_equal(
			ssh_agent_msg_listed(&keys, buf_slice(&b), &err),
			good ? 0 : -1);
		assert_int_equal(keys.count, good ? n : 0);
		free(keys.key);
		buf_release(&b);
	}
	assert_int_equal(err.kind, ERROR_INPUT);
}

static void test_too_much(void **state)
{
	struct slice data = { calloc(1, SSH_AGENT_MSG_MAX), SSH_AGENT_MSG_MAX };
	struct slice one = { data.ptr, 1 };
	struct error err = ERROR_INIT;
	struct buf out;

	(void)state;
	buf_init(&out, 4 + SSH_AGENT_MSG_MAX);
	assert_int_equal(ssh_agent_msg_sign(&out, one, data, 0, &err), -1);
	assert_int_equal(err.kind, ERROR_MEMORY);
	assert_int_equal(ssh_agent_msg_sign(&out, data, one, 0, NULL), -1);
	assert_int_equal(out.len, 0);
	data.len -= 13 + 1; /* type, two lengths, flags, and one */
	assert_int_equal(ssh_agent_msg_sign(&out, one, data, 0, NULL), 0);
	assert_int_equal(out.len, 4 + SSH_AGENT_MSG_MAX);
	assert_memory_equal(out.ptr, "\0\x04\0\0\x0d\0\0\0\x01\0", 10);
	buf_release(&out);
	free((char *)data.ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_most_keys),
		cmocka_unit_test(test_too_much),
	};

	return unit_run("ssh_agent_msg", tests, COUNT(tests), NULL, NULL);
}
