#include "transport/ssh_config_finish.h"

#include "helper/base/path.h"
#include "transport/ssh_config_expand.h"

#include <netdb.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#define SSH_CONFIG_FINISH_PORT 22

/* As fill_default_options() of OpenSSH 9.2 without XMSS; 10 has no DSA. */
static const char *const ssh_config_finish_identities[] = { ".ssh/id_rsa",
	".ssh/id_ecdsa", ".ssh/id_ecdsa_sk", ".ssh/id_ed25519",
	".ssh/id_ed25519_sk", ".ssh/id_dsa", NULL };

static void ssh_config_finish_lower(char *s)
{
	for (; s && *s; s++)
		if (*s >= 'A' && *s <= 'Z')
			*s = (char)(*s - 'A' + 'a');
}

/* 1 where name is an address, which is then in its one spelling. */
static int ssh_config_finish_address(const char *name,
	enum ssh_settings_family family, char text[NI_MAXHOST])
{
	static const int families[] = { AF_UNSPEC, AF_INET, AF_INET6 };
	struct addrinfo hints = { .ai_family = families[family],
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV };
	struct addrinfo *found = NULL;
	int rc;

	if (getaddrinfo(name, "22", &hints, &found) != 0)
		return 0;
	rc = !found->ai_next &&
	     getnameinfo(found->ai_addr, found->ai_addrlen, text, NI_MAXHOST,
		     NULL, 0, NI_NUMERICHOST) == 0;
	freeaddrinfo(found);
	return rc;
}

/* It can be nothing else, though it may be a wrong one. */
static bool ssh_config_finish_like_address(const char *name)
{
	return strpbrk(name, "%:") ||
	       strspn(name, "0123456789.") == strlen(name);
}

/* HostName with its tokens, by default what was typed. */
static int ssh_config_finish_named(struct ssh_config *c, struct error *err)
{
	struct ssh_settings *s = c->settings;
	struct error why = ERROR_INIT;
	struct buf name;
	int rc;

	if (!s->hostname)
		return ssh_settings_replace(
			&s->hostname, slice_of(s->host), err);
	buf_init(&name, 4 * PATH_LIMIT);
	rc = ssh_config_expand_hostname(s->host, s->hostname, &name, &why);
	if (rc != 0)
		ssh_config_reason(c, "HostName %s: %s", s->hostname, why.text);
	else
		rc = ssh_settings_replace(&s->hostname, buf_slice(&name), err);
	buf_release(&name);
	return rc < 0 ? -1 : 0;
}

static int ssh_config_finish_hostname(struct ssh_config *c, struct error *err)
{
	struct ssh_settings *s = c->settings;
	char text[NI_MAXHOST];

	if (ssh_config_finish_named(c, err) < 0)
		return -1;
	if (!ssh_config_finish_address(s->hostname, s->addressfamily, text)) {
		if (!ssh_config_finish_like_address(s->hostname))
			ssh_config_finish_lower(s->hostname);
		return 0;
	}
	/* OpenSSH lets FE80::1 be */
	if (!strcasecmp(s->hostname, text))
		return 0;
	return ssh_settings_replace(&s->hostname, slice_of(text), err);
}

static int ssh_config_finish_user(struct ssh_config *c, struct error *err)
{
	struct ssh_settings *s = c->settings;
	struct buf login;
	int rc = 0;

	buf_init(&login, 256);
	if (!s->user)
		rc = ssh_config_env_login(c->env, &login, err);
	if (rc == 0 && !s->user)
		rc = ssh_settings_replace(&s->user, buf_slice(&login), err);
	buf_release(&login);
	return rc;
}

/* One path, or the reason why it stays as it is. */
static int ssh_config_finish_path(struct ssh_config *c, const char *keyword,
	char **path, bool tokens, struct error *err)
{
	struct error why = ERROR_INIT;
	struct buf out;
	int rc;

	buf_init(&out, PATH_LIMIT);
	rc = ssh_config_expand_path(
		c->env, c->settings, *path, tokens, &out, &why);
	if (rc != 0)
		ssh_config_reason(c, "%s %s: %s", keyword, *path, why.text);
	else
		rc = ssh_settings_replace(path, buf_slice(&out), err);
	buf_release(&out);
	return rc == 0 || why.kind ? 0 : -1;
}

static int ssh_config_finish_paths(struct ssh_config *c, const char *keyword,
	struct ssh_settings_list *list, bool tokens, struct error *err)
{
	for (size_t i = 0; i < list->count; i++)
		if (ssh_config_finish_path(
			    c, keyword, &list->item[i], tokens, err) < 0)
			return -1;
	return 0;
}

static int ssh_config_finish_default(struct ssh_settings_list *list,
	const char *folder, const char *file, struct error *err)
{
	struct buf path;
	int rc;

	buf_init(&path, PATH_LIMIT);
	rc = buf_addf(&path, err, "%s/%s", folder, file);
	if (rc == 0)
		rc = ssh_settings_append(list, buf_slice(&path), err);
	buf_release(&path);
	return rc;
}

/* "none" stands in for the default ones and is no file itself. */
static void ssh_config_finish_none(struct ssh_settings_list *list)
{
	for (size_t i = list->count; i > 0; i--)
		if (!strcasecmp(list->item[i - 1], "none"))
			ssh_settings_drop(list, i - 1);
}

static int ssh_config_finish_identity(struct ssh_config *c, struct error *err)
{
	struct ssh_settings *s = c->settings;
	const char *const *name = ssh_config_finish_identities;

	ssh_config_finish_none(&s->identityfile);
	if (s->identityfile_given)
		return ssh_config_finish_paths(
			c, "IdentityFile", &s->identityfile, true, err);
	for (; c->env->home && *name; name++)
		if (ssh_config_finish_default(
			    &s->identityfile, c->env->home, *name, err) < 0)
			return -1;
	return 0;
}

static bool ssh_config_finish_is_none(const struct ssh_settings_list *list)
{
	return list->count == 1 && !strcasecmp(list->item[0], "none");
}

static int ssh_config_finish_user_hosts(struct ssh_config *c, struct error *err)
{
	struct ssh_settings_list *list = &c->settings->userknownhostsfile;
	const char *home = c->env->home;

	if (ssh_config_finish_is_none(list))
		return 0;
	if (list->count)
		return ssh_config_finish_paths(
			c, "UserKnownHostsFile", list, true, err);
	if (!home)
		return ssh_settings_append(list, slice_of("none"), err);
	if (ssh_config_finish_default(list, home, ".ssh/known_hosts", err) < 0)
		return -1;
	return ssh_config_finish_default(list, home, ".ssh/known_hosts2", err);
}

static int ssh_config_finish_global_hosts(
	struct ssh_config *c, struct error *err)
{
	struct ssh_settings_list *list = &c->settings->globalknownhostsfile;
	const char *etc = c->env->etc;

	if (ssh_config_finish_is_none(list))
		return 0;
	if (list->count)
		return ssh_config_finish_paths(
			c, "GlobalKnownHostsFile", list, false, err);
	if (ssh_config_finish_default(list, etc, "ssh_known_hosts", err) < 0)
		return -1;
	return ssh_config_finish_default(list, etc, "ssh_known_hosts2", err);
}

/* "SSH_AUTH_SOCK" and "$NAME" are variables: what they hold, or no agent. */
static int ssh_config_finish_variable(
	struct ssh_config *c, const char *name, struct error *err)
{
	char **agent = &c->settings->identityagent;
	const char *path = ssh_config_env_get(c->env, slice_of(name));
	struct buf copy;
	int rc;

	if (!path || !*path) {
		free(*agent);
		*agent = NULL;
		return 0;
	}
	buf_init(&copy, PATH_LIMIT);
	rc = buf_adds(&copy, path, err);
	if (rc == 0)
		rc = ssh_settings_replace(agent, buf_slice(&copy), err);
	buf_release(&copy);
	if (rc == 0 && (*agent)[0] != '/')
		rc = ssh_config_finish_path(
			c, "IdentityAgent", agent, false, err);
	return rc;
}

static int ssh_config_finish_agent(struct ssh_config *c, struct error *err)
{
	char **agent = &c->settings->identityagent;

	if (!*agent || !strcmp(*agent, "SSH_AUTH_SOCK"))
		return ssh_config_finish_variable(c, "SSH_AUTH_SOCK", err);
	if (!strcmp(*agent, "none")) {
		free(*agent);
		*agent = NULL;
		return 0;
	}
	if ((*agent)[0] == '$' && (*agent)[1] != '{')
		return ssh_config_finish_variable(c, *agent + 1, err);
	return ssh_config_finish_path(c, "IdentityAgent", agent, true, err);
}

/* Somebody's master is faster than we can be, and carries their wishes. */
static int ssh_config_finish_master(struct ssh_config *c, struct error *err)
{
	struct stat st;

	if (!c->controlpath || !strcasecmp(c->controlpath, "none"))
		return 0;
	if (ssh_config_finish_path(
		    c, "ControlPath", &c->controlpath, true, err) < 0)
		return -1;
	if (stat(c->controlpath, &st) == 0 && S_ISSOCK(st.st_mode))
		ssh_config_reason(c,
			"the user's ControlMaster at %s is running",
			c->controlpath);
	return 0;
}

static int ssh_config_finish_tickets(struct ssh_config *c, struct error *err)
{
	const char *name = ssh_config_env_get(c->env, slice_of("KRB5CCNAME"));
	struct buf cache;
	struct stat st;
	int rc;

	if (!c->tickets.len)
		return 0;
	buf_init(&cache, PATH_LIMIT);
	rc = buf_addf(&cache, err, "%s/krb5cc_%lu", c->env->tmp,
		(unsigned long)c->env->uid);
	if (rc == 0 && ((name && *name) || stat(cache.ptr, &st) == 0))
		ssh_config_reason(c, "%s, and there may be a Kerberos ticket",
			c->tickets.ptr);
	buf_release(&cache);
	return rc;
}

int ssh_config_finish(struct ssh_config *c, struct error *err)
{
	struct ssh_settings *s = c->settings;

	if (!s->port)
		s->port = SSH_CONFIG_FINISH_PORT;
	ssh_config_finish_lower(s->hostkeyalias);
	if (ssh_config_finish_hostname(c, err) < 0 ||
		ssh_config_finish_user(c, err) < 0 ||
		ssh_config_finish_identity(c, err) < 0 ||
		ssh_config_finish_user_hosts(c, err) < 0 ||
		ssh_config_finish_global_hosts(c, err) < 0 ||
		ssh_config_finish_agent(c, err) < 0 ||
		ssh_config_finish_master(c, err) < 0)
		return -1;
	return ssh_config_finish_tickets(c, err);
}
