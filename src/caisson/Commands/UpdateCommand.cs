using Caisson.Containers;
using Caisson.Containers.Lifecycle;
using Caisson.Containers.Options;
using Caisson.Kernel;
using Caisson.Kernel.Files;
using Caisson.Oci;

namespace Caisson.Cli.Commands;

/// <summary><c>update</c></summary>
static class UpdateCommand
{
    public static Command Command { get; } = new(
        "update", "CONTAINER", "change the limits of a container",
        [
            new("resources", 'r', "FILE", "JSON of linux.resources; - for standard input"),
            new("memory", '\0', "BYTES", "memory limit; -1 for none"),
            new("memory-reservation", '\0', "BYTES", "soft memory limit"),
            new("memory-swap", '\0', "BYTES", "limit of memory and swap together"),
            new("kernel-memory", '\0', "BYTES", "obsolete, ignored"),
            new("kernel-memory-tcp", '\0', "BYTES", "obsolete, ignored"),
            new("cpu-period", '\0', "MICROSECONDS", "period of the CPU quota"),
            new("cpu-quota", '\0', "MICROSECONDS", "CPU time in each period; -1 for no limit"),
            new("cpu-burst", '\0', "MICROSECONDS", "CPU time that may be saved up"),
            new("cpu-share", '\0', "SHARES", "relative weight"),
            new("cpu-rt-period", '\0', "MICROSECONDS", "real-time period"),
            new("cpu-rt-runtime", '\0', "MICROSECONDS", "real-time run time"),
            new("cpu-idle", '\0', "0|1", "SCHED_IDLE for the whole cgroup"),
            new("cpuset-cpus", '\0', "LIST", "CPUs to run on"),
            new("cpuset-mems", '\0', "LIST", "memory nodes to use"),
            new("blkio-weight", '\0', "WEIGHT", "weight of block i/o, 10 to 1000"),
            new("pids-limit", '\0', "N", "number of processes; -1 for no limit"),
            new("l3-cache-schema", '\0', "SCHEMA", "accepted for runc's sake"),
            new("mem-bw-schema", '\0', "SCHEMA", "accepted for runc's sake"),
        ],
        Run);

    static int Run(Invocation invocation)
    {
        LinuxResources resources = invocation.Line.Value("resources") is { } file ? Read(file, invocation.Log) : FromFlags(invocation.Line);
        using Container container = invocation.OpenContainer();
        container.Update(resources);
        return 0;
    }

    static LinuxResources Read(string file, Log log)
    {
        using Fd input = file == "-" ? Fd.Borrow(0) : OpenAt2.Open(file, OpenFlags.O_RDONLY);
        LinuxResources resources = OciJson.ParseResources(FileText.ReadBytes(input, file));
        Invocation.Check(SpecValidator.Validate(resources), log);
        return resources;
    }

    static LinuxResources FromFlags(CommandLine line) => new()
    {
        Memory = new LinuxMemory
        {
            Limit = Size(line, "memory"),
            Reservation = Size(line, "memory-reservation"),
            Swap = Size(line, "memory-swap"),
        },
        Cpu = new LinuxCpu
        {
            Period = (ulong?)Number(line, "cpu-period"),
            Quota = Number(line, "cpu-quota"),
            Burst = (ulong?)Number(line, "cpu-burst"),
            Shares = (ulong?)Number(line, "cpu-share"),
            RealtimePeriod = (ulong?)Number(line, "cpu-rt-period"),
            RealtimeRuntime = Number(line, "cpu-rt-runtime"),
            Idle = Number(line, "cpu-idle"),
            Cpus = line.Value("cpuset-cpus"),
            Mems = line.Value("cpuset-mems"),
        },
        BlockIo = Number(line, "blkio-weight") is { } weight ? new LinuxBlockIo { Weight = (ushort)weight } : null,
        Pids = Number(line, "pids-limit") is { } pids ? new LinuxPids { Limit = pids } : null,
    };

    // Also -1, for no limit.
    static long? Size(CommandLine line, string name) =>
        line.Value(name) is { Length: > 0 } text && char.IsAsciiLetter(text[^1])
            ? ByteSize.TryParse(text) ?? throw new UserError($"--{name}: \"{text}\" is not a size", "give bytes, or such as 50M or 1G")
            : Number(line, name);

    static long? Number(CommandLine line, string name) => line.Value(name) is not { } text
        ? null
        : long.TryParse(text, out long number)
            ? number
            : throw new UserError($"--{name}: \"{text}\" is not a number", "give bytes or microseconds without a unit");
}
