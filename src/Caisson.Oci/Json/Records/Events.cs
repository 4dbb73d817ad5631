namespace Caisson.Oci;

public sealed partial record RuntimeEvent : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Text("type"u8, Type);
        json.Text("id"u8, Id);
        json.Object("data"u8, Data);
    }
}

public sealed partial record ContainerStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Object("cpu"u8, Cpu);
        json.Object("cpuset"u8, Cpuset);
        json.Object("memory"u8, Memory);
        json.Object("pids"u8, Pids);
        json.Object("blkio"u8, Blkio);
        json.Map("hugetlb"u8, Hugetlb);
        json.Object("intel_rdt"u8, IntelRdt);
        json.ListOrNull("network_interfaces"u8, NetworkInterfaces);
    }
}

public sealed partial record CpuStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Object("usage"u8, Usage);
        json.Object("throttling"u8, Throttling);
        json.Object("psi"u8, Psi);
    }
}

public sealed partial record CpuUsage : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.NonZero("total"u8, Total);
        json.Numbers("percpu"u8, Percpu);
        json.Numbers("percpu_kernel"u8, PercpuKernel);
        json.Numbers("percpu_user"u8, PercpuUser);
        json.Number("kernel"u8, Kernel);
        json.Number("user"u8, User);
    }
}

public sealed partial record CpuThrottling : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.NonZero("periods"u8, Periods);
        json.NonZero("throttledPeriods"u8, ThrottledPeriods);
        json.NonZero("throttledTime"u8, ThrottledTime);
    }
}

public sealed partial record PressureStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Object("some"u8, Some);
        json.Object("full"u8, Full);
    }
}

public sealed partial record PressureLine : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Share("avg10"u8, Avg10);
        json.Share("avg60"u8, Avg60);
        json.Share("avg300"u8, Avg300);
        json.Number("total"u8, Total);
    }
}

public sealed partial record PidsStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.NonZero("current"u8, Current);
        json.NonZero("limit"u8, Limit);
    }
}

public sealed partial record MemoryStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.NonZero("cache"u8, Cache);
        json.Object("usage"u8, Usage);
        json.Object("swap"u8, Swap);
        json.Object("kernel"u8, Kernel);
        json.Object("kernelTCP"u8, KernelTcp);
        json.NumberMap("raw"u8, Raw);
        json.Object("psi"u8, Psi);
    }
}

public sealed partial record MemoryEntry : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Number("limit"u8, Limit);
        json.NonZero("usage"u8, Usage);
        json.NonZero("max"u8, Max);
        json.Number("failcnt"u8, Failcnt);
    }
}

public sealed partial record HugetlbStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.NonZero("usage"u8, Usage);
        json.NonZero("max"u8, Max);
        json.Number("failcnt"u8, Failcnt);
    }
}
