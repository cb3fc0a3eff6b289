/*
 * secretservice_double: what a keyring must never make us do, on demand.
 *
 *	secretservice_double MODE
 *
 *	silent      owns the service's name and never answers
 *	denied      answers every call with AccessDenied
 *	nodefault   knows no item and has no default collection
 *	junk        answers every call with what nobody asked
 *	asks        has one locked item, and a question for its password that
 *	            nobody ever answers
 *	half        shows one item of https://h and never gives its secret; has
 *	            a question before every change
 *	gone        the same item, which has gone whenever it is looked at
 *	stranger    has the service's name and none of its methods
 *	lines       answers every call with an error of two lines
 *	bus PATH    a bus that takes connections and never speaks
 *
 * On the bus of $DBUS_SESSION_BUS_ADDRESS, until it is ended. Says "ready" on
 * stdout once it is there, and then the name of each method it is called.
 */
#include <gio/gio.h>

#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define NAME "org.freedesktop.secrets"
#define ITEM "/org/freedesktop/secrets/collection/x/1"

static const char *mode;

static int silent_bus(const char *path)
{
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof(at)) < 0 ||
		listen(fd, 16) < 0)
		return 1;
	puts("ready");
	fflush(stdout);
	for (;;)
		if (accept4(fd, NULL, NULL, SOCK_CLOEXEC) < 0)
			return 1;
}

static GVariant *half(const char *method)
{
	static const char *const answers[][2] = {
		{ "SearchItems", "([objectpath '" ITEM "'], @ao [])" },
		{ "GetAll",
			"({'Label': <'half'>, 'Attributes': <{"
			"'xdg:schema': 'org.git.Password', 'protocol': 'https',"
			" 'server': 'h', 'user': 'ann'}>},)" },
		{ "OpenSession", "(<''>, objectpath '/session')" },
		{ "ReadAlias", "(objectpath '/x',)" },
		{ "Get", "(<false>,)" },
		{ "CreateItem", "(objectpath '/', objectpath '/prompt')" },
		{ "Delete", "(objectpath '/prompt',)" },
		{ "Prompt", "()" },
	};

	for (size_t i = 0; i < sizeof(answers) / sizeof(answers[0]); i++)
		if (!strcmp(method, answers[i][0]))
			return g_variant_new_parsed(answers[i][1]);
	return NULL;
}

/* NULL: never an answer. */
static GVariant *body(const char *method)
{
	if (!strcmp(mode, "junk"))
		return g_variant_new("(s)", "junk");
	if (!strcmp(method, "SearchItems") && !strcmp(mode, "asks"))
		return g_variant_new_parsed("(@ao [], [objectpath "
					    "'" ITEM "'"
					    "])");
	if (!strcmp(mode, "half") || !strcmp(mode, "gone"))
		return half(method);
	if (!strcmp(method, "SearchItems"))
		return g_variant_new_parsed("(@ao [], @ao [])");
	if (!strcmp(method, "ReadAlias"))
		return g_variant_new("(o)", "/");
	if (!strcmp(method, "GetAll"))
		return g_variant_new_parsed("(@a{sv} {},)");
	if (!strcmp(method, "OpenSession"))
		return g_variant_new(
			"(vo)", g_variant_new_string(""), "/session");
	if (!strcmp(method, "Unlock"))
		return g_variant_new_parsed("(@ao [], objectpath '/prompt')");
	if (!strcmp(method, "Prompt"))
		return g_variant_new("()");
	return NULL;
}

/* libsecret falls back to a plain session where this one is not supported. */
static GDBusMessage *refusal(GDBusMessage *call)
{
	GVariant *in = g_dbus_message_get_body(call);
	const char *algorithm = "";

	if (!strcmp(mode, "denied"))
		return g_dbus_message_new_method_error_literal(
			call, "org.freedesktop.DBus.Error.AccessDenied", "no");
	if (!strcmp(mode, "lines"))
		return g_dbus_message_new_method_error_literal(
			call, "org.example.Odd", "two\nlines\033[31m");
	if (!strcmp(mode, "stranger") ||
		(!strcmp(mode, "gone") &&
			!strcmp(g_dbus_message_get_member(call), "GetAll")))
		return g_dbus_message_new_method_error_literal(call,
			"org.freedesktop.DBus.Error.UnknownMethod", "gone");
	if (strcmp(g_dbus_message_get_member(call), "OpenSession") != 0)
		return NULL;
	g_variant_get_child(in, 0, "&s", &algorithm);
	if (!strcmp(algorithm, "plain"))
		return NULL;
	return g_dbus_message_new_method_error_literal(
		call, "org.freedesktop.DBus.Error.NotSupported", "plain only");
}

static GDBusMessage *filter(GDBusConnection *bus, GDBusMessage *message,
	gboolean incoming, gpointer unused)
{
	GDBusMessage *reply;
	GVariant *answer;

	(void)unused;
	if (!incoming || g_dbus_message_get_message_type(message) !=
				 G_DBUS_MESSAGE_TYPE_METHOD_CALL)
		return message;
	puts(g_dbus_message_get_member(message));
	fflush(stdout);
	reply = strcmp(mode, "silent") != 0 ? refusal(message) : NULL;
	answer = reply || !strcmp(mode, "silent")
			 ? NULL
			 : body(g_dbus_message_get_member(message));
	if (answer) {
		reply = g_dbus_message_new_method_reply(message);
		g_dbus_message_set_body(reply, answer);
	}
	if (reply)
		g_dbus_connection_send_message(
			bus, reply, G_DBUS_SEND_MESSAGE_FLAGS_NONE, NULL, NULL);
	g_object_unref(message);
	return NULL;
}

int main(int argc, char **argv)
{
	GDBusConnection *bus;
	GVariant *owned;

	if (argc == 3 && !strcmp(argv[1], "bus"))
		return silent_bus(argv[2]);
	if (argc != 2)
		return 2;
	mode = argv[1];
	bus = g_bus_get_sync(G_BUS_TYPE_SESSION, NULL, NULL);
	if (!bus)
		return 1;
	g_dbus_connection_add_filter(bus, filter, NULL, NULL);
	owned = g_dbus_connection_call_sync(bus, "org.freedesktop.DBus",
		"/org/freedesktop/DBus", "org.freedesktop.DBus", "RequestName",
		g_variant_new("(su)", NAME, 4), NULL, G_DBUS_CALL_FLAGS_NONE,
		-1, NULL, NULL);
	if (!owned)
		return 1;
	puts("ready");
	fflush(stdout);
	g_main_loop_run(g_main_loop_new(NULL, FALSE));
	return 0;
}
