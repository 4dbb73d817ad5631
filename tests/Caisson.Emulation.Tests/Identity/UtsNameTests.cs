using System.Text;
using Caisson.Emulation.Identity;
using Caisson.Emulation.Sources;
using Caisson.Fuse.Nodes;
using Caisson.Kernel;
using Caisson.Kernel.Namespaces;
using Caisson.Tests;

namespace Caisson.Emulation.Tests.Identity;

public sealed class UtsNameTests
{
    [Fact]
    public void A_name_is_read_and_written_in_the_callers_namespace()
    {
        InsideProcess.NeedsRoot("it makes namespaces");
        string before = File.ReadAllText("/proc/sys/kernel/hostname");
        using InsideProcess container = new("unshare", "--user", "--map-root-user", "--uts");
        Caller caller = new(container.Id, 0, 0);
        UtsName host = new(new HostFiles(), Namespace.OpenOwn("uts"), isDomain: false);
        UtsName domain = new(new HostFiles(), Namespace.OpenOwn("uts"), isDomain: true);

        Assert.Equal(Errno.None, host.Write(caller, 0, "inside\nmore"u8));
        Assert.Equal(Errno.None, domain.Write(caller, 0, Encoding.ASCII.GetBytes(new string('d', 100))));
        Assert.Equal("inside\n", Read(host, caller));
        Assert.Equal(new string('d', 64) + "\n", Read(domain, caller));
        Assert.Equal("inside\n", Command.Run("nsenter", [$"--uts=/proc/{container.Id}/ns/uts", "hostname"]).Output);

        // This thread is where it was, and a container that has the host's namespace cannot change it.
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/hostname"));
        Caller outside = new(Environment.ProcessId, 0, 0);
        Assert.Equal(before, Read(host, outside));
        Assert.Equal(Errno.EPERM, host.Write(outside, 0, "taken"u8));
        Assert.Equal(Errno.None, host.Write(outside, 1, "ignored"u8));
        Assert.Equal(before, File.ReadAllText("/proc/sys/kernel/hostname"));
    }

    [Fact]
    public void A_caller_that_is_unknown_or_gone_gets_an_error()
    {
        UtsName host = new(new HostFiles(), Namespace.OpenOwn("uts"), isDomain: false);

        Assert.Equal(Errno.ENOENT, host.Read(new Caller(0, 0, 0), new ContentBuffer()));
        Assert.Equal(Errno.ENOENT, host.Write(new Caller(int.MaxValue, 0, 0), 0, "x"u8));
    }

    static string Read(UtsName file, Caller caller)
    {
        ContentBuffer content = new();
        Assert.Equal(Errno.None, file.Read(caller, content));
        return Encoding.ASCII.GetString(content.Bytes);
    }
}
