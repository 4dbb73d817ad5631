namespace Caisson.Vm.Tests;

/// <summary>
/// A Debian in software emulation (tests/environment/image-vm), with what the machine that tests run on may lack: cgroup version 2
/// with all controllers, systemd as the first process, AppArmor, a distribution's kernel. Caisson is installed in it.
/// </summary>
public sealed class VirtualMachine : IDisposable
{
    readonly string _place = Path.Combine(Path.GetTempPath(), $"vm-{Guid.NewGuid().ToString("N")[..8]}");

    public VirtualMachine()
    {
        if (Environment.UserName != "root")
        {
            return;
        }

        // The first time a system is made and packages are fetched.
        Tool("vm-start", 900, _place);
        try
        {
            string binary = Convert.ToBase64String(File.ReadAllBytes(SourceTree.PathOf("out/caisson")));
            string tools = Convert.ToBase64String(File.ReadAllBytes(SourceTree.PathOf("tests/Caisson.Vm.Tests/tools.bash")));
            Assert.Equal("", Run($"base64 -d >/root/tools.bash <<<{tools}"));
            CommandResult copied = Command.Run(
                SourceTree.PathOf("tests/environment/vm-exec"), [_place, "base64 -d >/root/caisson && chmod 755 /root/caisson && /root/caisson install"], binary, 120);
            Assert.True(copied.ExitCode == 0, copied.Errors);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What a shell script in the machine prints; it must succeed. It has the functions of tools.bash.</summary>
    public string Run(string script, int seconds = 120)
    {
        CommandResult result = Try(script, seconds);
        Assert.True(result.ExitCode == 0, $"exit code {result.ExitCode}: {result.Errors}{result.Output}{script}\n{ConsoleEnd()}");
        return result.Output.Trim();
    }

    internal CommandResult Try(string script, int seconds = 120) => Command.Run(
        SourceTree.PathOf("tests/environment/vm-exec"), [_place, "bash -s"], $"set -euo pipefail; . /root/tools.bash 2>/dev/null || true\n{script}\n", seconds);

    /// <summary>Copies a directory of this machine into that one.</summary>
    public void Copy(string directory, string to)
    {
        CommandResult result = Command.Run(
            "bash", ["-c", "set -o pipefail; tar -C \"$1\" -cz . | \"$0\" \"$2\" \"mkdir -p $3 && tar -C $3 -xz\"", SourceTree.PathOf("tests/environment/vm-exec"), directory, _place, to]);
        Assert.True(result.ExitCode == 0, result.Errors);
    }

    public void Dispose()
    {
        if (Environment.UserName == "root")
        {
            Tool("vm-stop", 30, _place);
            Directory.Delete(_place, recursive: true);
        }
    }

    static void Tool(string name, int seconds, string place)
    {
        CommandResult result = Command.Run(SourceTree.PathOf($"tests/environment/{name}"), [place], seconds: seconds);
        Assert.True(result.ExitCode == 0, $"{name}: {result.Errors}{result.Output}");
    }

    // A kernel that panics says so here.
    string ConsoleEnd() => File.Exists($"{_place}/console") ? string.Join('\n', File.ReadLines($"{_place}/console").TakeLast(5)) : "";
}

/// <summary>The classes that share the machine.</summary>
[CollectionDefinition]
public sealed class InVm : ICollectionFixture<VirtualMachine>;

/// <summary>Tests in the machine; each leaves nothing there.</summary>
public abstract class VmTest
{
    protected VmTest(VirtualMachine machine)
    {
        if (Environment.UserName != "root")
        {
            Assert.Skip("needs root: a system is made for a virtual machine");
        }

        Machine = machine;
    }

    protected VirtualMachine Machine { get; }

    /// <summary>See <see cref="VirtualMachine.Run"/>.</summary>
    protected string Run(string script, int seconds = 120) => Machine.Run(script, seconds);
}
