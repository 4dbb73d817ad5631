namespace Caisson.Oci;

public sealed partial record LinuxResources : IReadable<LinuxResources>, IWritable
{
    public LinuxResources() { }

    LinuxResources(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "devices": Devices = json.List<LinuxDeviceCgroup>(); break;
                case "memory": Memory = json.Object<LinuxMemory>(); break;
                case "cpu": Cpu = json.Object<LinuxCpu>(); break;
                case "pids": Pids = json.Object<LinuxPids>(); break;
                case "blockIO": BlockIo = json.Object<LinuxBlockIo>(); break;
                case "hugepageLimits": HugepageLimits = json.List<LinuxHugepageLimit>(); break;
                case "network": Network = json.Object<LinuxNetwork>(); break;
                case "rdma": Rdma = json.Map<LinuxRdma>(); break;
                case "unified": Unified = json.TextMap(); break;
            }
        }
    }

    static LinuxResources IReadable<LinuxResources>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.List("devices"u8, Devices);
        json.Object("memory"u8, Memory);
        json.Object("cpu"u8, Cpu);
        json.Object("pids"u8, Pids);
        json.Object("blockIO"u8, BlockIo);
        json.List("hugepageLimits"u8, HugepageLimits);
        json.Object("network"u8, Network);
        json.Map("rdma"u8, Rdma);
        json.TextMap("unified"u8, Unified);
    }
}

public sealed partial record LinuxDeviceCgroup : IReadable<LinuxDeviceCgroup>, IWritable
{
    public LinuxDeviceCgroup() { }

    LinuxDeviceCgroup(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "allow": Allow = json.Flag(); break;
                case "type": Type = json.TextOrNull(); break;
                case "major": Major = json.Int64OrNull(); break;
                case "minor": Minor = json.Int64OrNull(); break;
                case "access": Access = json.TextOrNull(); break;
            }
        }
    }

    static LinuxDeviceCgroup IReadable<LinuxDeviceCgroup>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Flag("allow"u8, Allow);
        json.Text("type"u8, Type);
        json.Number("major"u8, Major);
        json.Number("minor"u8, Minor);
        json.Text("access"u8, Access);
    }
}

public sealed partial record LinuxMemory : IReadable<LinuxMemory>, IWritable
{
    public LinuxMemory() { }

    LinuxMemory(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "limit": Limit = json.Int64OrNull(); break;
                case "reservation": Reservation = json.Int64OrNull(); break;
                case "swap": Swap = json.Int64OrNull(); break;
                case "kernel": Kernel = json.Int64OrNull(); break;
                case "kernelTCP": KernelTcp = json.Int64OrNull(); break;
                case "swappiness": Swappiness = json.UInt64OrNull(); break;
                case "disableOOMKiller": DisableOomKiller = json.FlagOrNull(); break;
                case "useHierarchy": UseHierarchy = json.FlagOrNull(); break;
                case "checkBeforeUpdate": CheckBeforeUpdate = json.FlagOrNull(); break;
            }
        }
    }

    static LinuxMemory IReadable<LinuxMemory>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("limit"u8, Limit);
        json.Number("reservation"u8, Reservation);
        json.Number("swap"u8, Swap);
        json.Number("kernel"u8, Kernel);
        json.Number("kernelTCP"u8, KernelTcp);
        json.Number("swappiness"u8, Swappiness);
        json.Flag("disableOOMKiller"u8, DisableOomKiller);
        json.Flag("useHierarchy"u8, UseHierarchy);
        json.Flag("checkBeforeUpdate"u8, CheckBeforeUpdate);
    }
}

public sealed partial record LinuxCpu : IReadable<LinuxCpu>, IWritable
{
    public LinuxCpu() { }

    LinuxCpu(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "shares": Shares = json.UInt64OrNull(); break;
                case "quota": Quota = json.Int64OrNull(); break;
                case "burst": Burst = json.UInt64OrNull(); break;
                case "period": Period = json.UInt64OrNull(); break;
                case "realtimeRuntime": RealtimeRuntime = json.Int64OrNull(); break;
                case "realtimePeriod": RealtimePeriod = json.UInt64OrNull(); break;
                case "cpus": Cpus = json.TextOrNull(); break;
                case "mems": Mems = json.TextOrNull(); break;
                case "idle": Idle = json.Int64OrNull(); break;
            }
        }
    }

    static LinuxCpu IReadable<LinuxCpu>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("shares"u8, Shares);
        json.Number("quota"u8, Quota);
        json.Number("burst"u8, Burst);
        json.Number("period"u8, Period);
        json.Number("realtimeRuntime"u8, RealtimeRuntime);
        json.Number("realtimePeriod"u8, RealtimePeriod);
        json.Text("cpus"u8, Cpus);
        json.Text("mems"u8, Mems);
        json.Number("idle"u8, Idle);
    }
}

public sealed partial record LinuxPids : IReadable<LinuxPids>, IWritable
{
    public LinuxPids() { }

    LinuxPids(ref OciReader json)
    {
        while (json.Next(out ReadOnlySpan<char> name))
        {
            switch (name)
            {
                case "limit": Limit = json.Int64OrNull(); break;
            }
        }
    }

    static LinuxPids IReadable<LinuxPids>.Read(ref OciReader json) => new(ref json);

    void IWritable.Write(OciWriter json)
    {
        json.Number("limit"u8, Limit);
    }
}
