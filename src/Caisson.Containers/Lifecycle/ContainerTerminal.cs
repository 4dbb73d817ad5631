using Caisson.Kernel;
using Caisson.Kernel.Devices;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Containers.Lifecycle;

/// <summary>
/// A terminal of a running container's own devpts. What /dev/pts/ptmx is there the container decides, so the inode is looked
/// at before it is opened for use: a fifo would make us wait, a device of another kind would act (CVE-2025-52565).
/// </summary>
sealed class ContainerTerminal : IDisposable
{
    ContainerTerminal(Fd master, Fd slave)
    {
        Master = master;
        Slave = slave;
    }

    public Fd Master { get; }

    public Fd Slave { get; }

    public static ContainerTerminal Open(ContainerRoot root, uint hostUid)
    {
        using Fd ptmx = root.Path.Open("/dev/pts/ptmx");
        statx stat = Stat.Of(ptmx);
        if (FileSystems.MagicOf(ptmx) != FileSystems.DEVPTS_SUPER_MAGIC || stat is not { stx_rdev_major: 5, stx_rdev_minor: 2 })
        {
            throw new UserError("/dev/pts/ptmx in the container is no terminal multiplexer", "exec without a terminal, or restore devpts inside");
        }

        Fd master = OpenAt2.Open(ptmx.ProcPath, OpenFlags.O_RDWR);
        Fd slave = Terminal.OpenSlave(master);
        Nodes.ChangeOwner(slave, hostUid, uint.MaxValue);
        return new ContainerTerminal(master, slave);
    }

    public void SetSize(ConsoleSize? size)
    {
        if (size is not null)
        {
            Terminal.SetSize(Master, new Terminal.winsize { ws_row = (ushort)size.Height, ws_col = (ushort)size.Width });
        }
    }

    public void Dispose()
    {
        Master.Dispose();
        Slave.Dispose();
    }
}
