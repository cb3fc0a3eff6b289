/*
 * host_keys: public keys for the tests, as known_hosts has them, with what
 * `ssh-keygen -l` says of them. Nobody has their private halves.
 */
#ifndef HOST_KEYS_H
#define HOST_KEYS_H

#include "tests/unit/unit.h"
#include "transport/host_key.h"

#include <nettle/base64.h>

#define ED_A                                                                   \
	"ssh-ed25519 "                                                         \
	"AAAAC3NzaC1lZDI1NTE5AAAAIAkMg7/MVZkGDkuW7+SHk2aNcGqF91p9BIRL"         \
	"fHTdfoN8"
#define ED_A_FP "SHA256:/yLOCbpevlpTlwOncH+Tb9dpnErm+6/UvQEOccX+lNY"
#define ED_B                                                                   \
	"ssh-ed25519 "                                                         \
	"AAAAC3NzaC1lZDI1NTE5AAAAIPHZYtKXOgtPC3t5wqRXZhXE2H78byyRNm46"         \
	"vAn8NVEt"
#define ED_B_FP "SHA256:dbnV5KWfNDznMvWxyHUyR/9SeMFCXC71Zv7oTrUVIDQ"
#define EC_256                                                                 \
	"ecdsa-sha2-nistp256 "                                                 \
	"AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBFwdJGiL"         \
	"ZbGnqtL49u+j7qwRUzdbfIVl6PZsBzCQZEikhTHSj/jUWBHrnV/hLcf4y2Fk"         \
	"8bXYM6g18kzVzbcNRHw="
#define EC_256_FP "SHA256:kP1julPWroL428tMa9TdYaP+nBfH5DnPkMz2o6Z1f0U"
#define EC_384                                                                 \
	"ecdsa-sha2-nistp384 "                                                 \
	"AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBMQTQDeK"         \
	"y20gJY5ri9ad/6qfvCad0zXJTFY+Af6XlDOc6CtqeWY8N6647qIUkTGrOUTc"         \
	"hEzkYXY6cV7rOvjyBBI6VNu2B3oMeFozR5J38nr3eq7wPnvAGbjg6HLK5CZP"         \
	"xQ=="
#define EC_384_FP "SHA256:nwCoX2ipn4lq9gWo5lq6j4ZlnXFah0al+8aeexVrqSU"
#define EC_521                                                                 \
	"ecdsa-sha2-nistp521 "                                                 \
	"AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACX6rjn"         \
	"rOtbr9N43uJ7EffGWYRRVJo1yBrE2UoHfVU82hq71r/nQp7sziO+7T+agWfn"         \
	"HGgpjJPbNn5AY8PXEAqXNgChmjurKlCJev+OwBW80DhkLJY2cA6mTHGYtelY"         \
	"NzWNDEj7vRSRFDoP3kzkGmISPnkfp6IQCvkaJa+qYRbI+A11Rg=="
#define EC_521_FP "SHA256:za4tJB5bJTwYjsamOuMseo4pCpPCjOjhmX53KAysezQ"
#define RSA_A                                                                  \
	"ssh-rsa "                                                             \
	"AAAAB3NzaC1yc2EAAAADAQABAAAAgQCdh4KGc0qCziHpjQdX+EZAQEN7Mrbn"         \
	"V3GwkY8nKDp98agtbaoRnyv3Q/aQ0WYpqn7wkL2f4GqjI1iloG9Dhji1WbVq"         \
	"hDl58/tLSSmWQCAt58GXrjTCAdj54EsIOt65DIjpIOpQ9ao06KbHUbP5xedn"         \
	"ZnGb8HzoFkf1JxXqorWUZQ=="
#define RSA_A_FP "SHA256:KwhT29aT+yZ2rUzLLVS6eLMcU20AetTdFKVmWbBZ3vA"
#define RSA_B                                                                  \
	"ssh-rsa "                                                             \
	"AAAAB3NzaC1yc2EAAAADAQABAAAAgQC2B2EeeYaoRHaNubp8FEqxeYgtlYNX"         \
	"kFdfcEXlxzQIBbSl6TETz6f2Kpgu5z/TCN+4VJmdczSdiSuOUU81ORtcgiU1"         \
	"s1pow3gJbob6c2zla91lLcuJFSkKEs7MwgTA0dhe2aNddAgY4Mz7XraKNsOs"         \
	"1asYT9djpIY/rBDtLV44dQ=="
#define RSA_B_FP "SHA256:PugsK/90C70JSiCBmg97tBvrZ+aTMRhTPI2CquXuZn0"
#define DSS                                                                    \
	"ssh-dss "                                                             \
	"AAAAB3NzaC1kc3MAAACBALOxDj9zsgRG0H+YShc69MxKwCM08wWD5MhofUXL"         \
	"zyoNQRp89WNBpELvQ4eIajVRzghtr1vIHc7qu1SfdUzxrHVAay3JfTaG5vTI"         \
	"gaiJEndHqdLDVmFZQKLp0/1sK3QZWYP839TaI7HGmGelRZoppjjH2RRkI1Ny"         \
	"DQo2ZEEKl3qvAAAAFQC/jLlIuyuqraJSWYdz9QZ/GhZvGQAAAIANv+eHwOmn"         \
	"J6s5BshYA5vvYs/xQ/vBg5UckGqaGEwCrkbMt6EvhyY6gLiFy+yotFHvbtTe"         \
	"cQsfv2V2ejqwsI7H2P6KFuTbl57KLuAPzeEp4WgT+qoecN7UTdHtwpwqALp1"         \
	"k61b4zYzvkehE0omnJgKhTfEXFziqGaxYRDihlsFoQAAAIAESTtSl9wPWcfU"         \
	"TgXAtrIGM2TxpjTN4sxe8QDGH1dU41r3jKyZ2+jC2fVnnDieRZxWuVCfKHTx"         \
	"1dadLPmJv/Hbs22HYbge0LNdDDG8cDCGX1A1RZVOBYQeKm0WZoMwDyzgPchQ"         \
	"cefK0Z9opQ6kdatQrXVzzsmDM0bO8qVo54DEaQ=="
#define DSS_FP "SHA256:ygcoPBbcinnoHL3T1/zYTxV7Zo94rr/VoWA47JnG7tg"
#define SK_ED                                                                  \
	"sk-ssh-ed25519@openssh.com "                                          \
	"AAAAGnNrLXNzaC1lZDI1NTE5QG9wZW5zc2guY29tAAAAIAkMg7/MVZkGDkuW"         \
	"7+SHk2aNcGqF91p9BIRLfHTdfoN8AAAABHNzaDo="
#define SK_ED_FP "SHA256:fWyq0v4X6l1aJmptl9Wv9sCaJdA4hv2efNDEYnKYZJM"
#define SK_EC                                                                  \
	"sk-ecdsa-sha2-nistp256@openssh.com "                                  \
	"AAAAInNrLWVjZHNhLXNoYTItbmlzdHAyNTZAb3BlbnNzaC5jb20AAAAIbmlz"         \
	"dHAyNTYAAABBBFwdJGiLZbGnqtL49u+j7qwRUzdbfIVl6PZsBzCQZEikhTHS"         \
	"j/jUWBHrnV/hLcf4y2Fk8bXYM6g18kzVzbcNRHwAAAAEc3NoOg=="
#define SK_EC_FP "SHA256:bArl5PaqDSFzs7UF58zQ3ta+sAuNjymZB2UfeDHxmqI"
#define FUTURE                                                                 \
	"ssh-future@example.org "                                              \
	"AAAAFnNzaC1mdXR1cmVAZXhhbXBsZS5vcmcAAAAUeHh4eHh4eHh4eHh4eHh4"         \
	"eHh4eHg="
#define FUTURE_FP "SHA256:eaUr7+b1Orli0ILKwmyQwSSJ3C6mIOfVLeXeSJyrW+o"
#define RSA_SMALL                                                              \
	"ssh-rsa "                                                             \
	"AAAAB3NzaC1yc2EAAAADAQABAAAAgH+qqqqqqqqqqqqqqqqqqqqqqqqqqqqq"         \
	"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"         \
	"qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq"         \
	"qqqqqqqqqqqqqqqqqqqq"
#define RSA_SMALL_FP "SHA256:nrQZThmk8f+eK/E/R4hr3ldC+TUN9N20j91ff7LSbbc"

struct host_keys_key {
	struct host_key key;
	size_t len;
	uint8_t bytes[1024];
};

/* A key of those above; what is in it points into k. */
static inline const struct host_key *host_keys_key(
	struct host_keys_key *k, const char *line)
{
	const char *text = strchr(line, ' ') + 1;
	struct base64_decode_ctx ctx;

	base64_decode_init(&ctx);
	assert_true(BASE64_DECODE_LENGTH(strlen(text)) <= sizeof(k->bytes));
	assert_true(base64_decode_update(
		&ctx, &k->len, k->bytes, strlen(text), text));
	assert_true(base64_decode_final(&ctx));
	k->key.blob = (struct slice){ (const char *)k->bytes, k->len };
	k->key.type = (struct slice){ (const char *)k->bytes + 4,
		(size_t)(text - 1 - line) };
	return &k->key;
}

#endif
