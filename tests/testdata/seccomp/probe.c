/* Loads a filter as a container's init does and makes system calls under it.
 *
 *   probe FILTER FLAGS CALL...
 *
 * FILTER is a file of struct sock_filter, or "-" for none; FLAGS those of seccomp(2), in hexadecimal.
 * CALL is NUMBER[,ARGUMENT]..., where an argument "@" is the address of a path that does not exist; with a
 * leading "i" it is made as one of i386 (int 0x80), whose arguments have 32 bits.
 * Prints one line for each: 0 for success, else the errno, "none" where the kernel has no i386. */
#define _GNU_SOURCE
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static sigjmp_buf no_i386;

static void on_segv(int signal)
{
    (void)signal;
    siglongjmp(no_i386, 1);
}

static void fail(const char *what)
{
    perror(what);
    exit(2);
}

static void load(const char *path, unsigned flags)
{
    static struct sock_filter instructions[4097];
    FILE *file = fopen(path, "r");
    if (!file)
        fail(path);
    size_t count = fread(instructions, sizeof instructions[0], 4097, file);
    struct sock_fprog program = { .len = (unsigned short)count, .filter = instructions };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
        fail("no_new_privs");
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program))
        fail("seccomp");
}

static long i386(const long *arguments, long number)
{
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80"
        : "=a"(result)
        : "a"(number), "b"(arguments[0]), "c"(arguments[1]), "d"(arguments[2]), "S"(arguments[3]), "D"(arguments[4])
        : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
#else
    (void)arguments;
    (void)number;
    raise(SIGSEGV);
    return 0;
#endif
}

int main(int argc, char **argv)
{
    static char path[] = "/no/such/path";
    if (argc < 3)
        return 2;
    /* sigsetjmp and signal before the filter: it may forbid what they call. */
    signal(SIGSEGV, on_segv);
    if (strcmp(argv[1], "-") != 0)
        load(argv[1], (unsigned)strtoul(argv[2], NULL, 16));

    for (int i = 3; i < argc; i++) {
        int is_i386 = argv[i][0] == 'i';
        long arguments[6] = { 0 };
        char *text = argv[i] + is_i386;
        long number = strtol(text, &text, 0);
        for (int at = 0; at < 6 && *text == ','; at++) {
            text++;
            if (*text == '@') {
                arguments[at] = (long)path;
                text++;
            } else {
                arguments[at] = (long)strtoul(text, &text, 0);
            }
        }

        if (is_i386) {
            if (sigsetjmp(no_i386, 1)) {
                puts("none");
                continue;
            }
            long result = i386(arguments, number);
            printf("%d\n", result < 0 ? (int)-result : 0);
        } else {
            long result = syscall(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5]);
            printf("%d\n", result == -1 ? errno : 0);
        }
        fflush(stdout);
    }
    return 0;
}
