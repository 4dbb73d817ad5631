using System.Runtime.InteropServices;

namespace Caisson.Kernel.Devices;

/// <summary>Pseudo-terminals (pty(7), ioctl_tty(2)).</summary>
public static unsafe partial class Terminal
{
    public const uint TIOCSCTTY = 0x540E;

    const uint TCGETS = 0x5401;
    const uint TCSETS = 0x5402;
    const uint TIOCGWINSZ = 0x5413;
    const uint TIOCSWINSZ = 0x5414;
    const uint TIOCGPTN = 0x80045430;
    const uint TIOCSPTLCK = 0x40045431;
    const uint TIOCGPTPEER = 0x5441;
    const int O_RDWR_NOCTTY_CLOEXEC = 0x2 | 0x100 | 0x80000;

    /// <summary>struct termios of asm-generic/termbits.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct termios
    {
        public uint c_iflag;
        public uint c_oflag;
        public uint c_cflag;
        public uint c_lflag;
        public byte c_line;
        public fixed byte c_cc[19];
    }

    /// <summary>struct winsize of asm-generic/termios.h.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct winsize
    {
        public ushort ws_row;
        public ushort ws_col;
        public ushort ws_xpixel;
        public ushort ws_ypixel;
    }

    /// <summary>Unlocks a master's slave and opens it through the master, so no path inside a container is followed.</summary>
    public static Fd OpenSlave(Fd master)
    {
        int unlocked = 0;
        Check(ioctl(master, TIOCSPTLCK, &unlocked), "TIOCSPTLCK");
        return new Fd(Check(ioctl(master, TIOCGPTPEER, (void*)O_RDWR_NOCTTY_CLOEXEC), "TIOCGPTPEER"));
    }

    /// <summary>The slave's name in its devpts: N of /dev/pts/N.</summary>
    public static int Number(Fd master)
    {
        int number;
        Check(ioctl(master, TIOCGPTN, &number), "TIOCGPTN");
        return number;
    }

    public static void SetSize(Fd terminal, winsize size) => Check(ioctl(terminal, TIOCSWINSZ, &size), "TIOCSWINSZ");

    public static bool TryGetSize(Fd terminal, out winsize size)
    {
        winsize found;
        bool isTerminal = ioctl(terminal, TIOCGWINSZ, &found) == 0;
        size = isTerminal ? found : default;
        return isTerminal;
    }

    public static bool TryGetMode(Fd terminal, out termios mode)
    {
        termios found;
        bool isTerminal = ioctl(terminal, TCGETS, &found) == 0;
        mode = isTerminal ? found : default;
        return isTerminal;
    }

    public static void SetMode(Fd terminal, termios mode) => Check(ioctl(terminal, TCSETS, &mode), "TCSETS");

    /// <summary>Leaves out the CR before each NL (ONLCR), where another terminal, or a file, is what the output goes to.</summary>
    public static void ClearReturns(Fd terminal)
    {
        const uint ONLCR = 0x4;
        if (TryGetMode(terminal, out termios mode))
        {
            mode.c_oflag &= ~ONLCR;
            SetMode(terminal, mode);
        }
    }

    /// <summary>
    /// What cfmakeraw(3) makes of a mode, but with its output processing: what is written to it comes without CR
    /// (<see cref="ClearReturns"/>).
    /// </summary>
    public static termios Raw(termios mode)
    {
        // IGNBRK BRKINT PARMRK ISTRIP INLCR IGNCR ICRNL IXON; ECHO ECHONL ICANON ISIG IEXTEN; CSIZE PARENB; CS8.
        mode.c_iflag &= ~0x5EBu;
        mode.c_lflag &= ~0x804Bu;
        mode.c_cflag = (mode.c_cflag & ~0x130u) | 0x30u;
        mode.c_cc[5] = 0; // VTIME
        mode.c_cc[6] = 1; // VMIN
        return mode;
    }

    static int Check(int result, string request) => result >= 0 ? result : throw KernelException.Last("ioctl", request);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int ioctl(Fd fd, nuint request, void* argument);
}
