namespace Caisson.Oci;

public sealed partial record CpusetStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Numbers("cpus"u8, Cpus);
        json.Number("cpu_exclusive"u8, CpuExclusive);
        json.Numbers("mems"u8, Mems);
        json.Number("mem_hardwall"u8, MemHardwall);
        json.Number("mem_exclusive"u8, MemExclusive);
        json.Number("memory_migrate"u8, MemoryMigrate);
        json.Number("memory_spread_page"u8, MemorySpreadPage);
        json.Number("memory_spread_slab"u8, MemorySpreadSlab);
        json.Number("memory_pressure"u8, MemoryPressure);
        json.Number("sched_load_balance"u8, SchedLoadBalance);
        json.Number("sched_relax_domain_level"u8, SchedRelaxDomainLevel);
    }
}

public sealed partial record BlkioStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.List("ioServiceBytesRecursive"u8, IoServiceBytesRecursive);
        json.List("ioServicedRecursive"u8, IoServicedRecursive);
        json.List("ioQueueRecursive"u8, IoQueuedRecursive);
        json.List("ioServiceTimeRecursive"u8, IoServiceTimeRecursive);
        json.List("ioWaitTimeRecursive"u8, IoWaitTimeRecursive);
        json.List("ioMergedRecursive"u8, IoMergedRecursive);
        json.List("ioTimeRecursive"u8, IoTimeRecursive);
        json.List("sectorsRecursive"u8, SectorsRecursive);
        json.Object("psi"u8, Psi);
    }
}

public sealed partial record BlkioEntry : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.NonZero("major"u8, Major);
        json.NonZero("minor"u8, Minor);
        json.Text("op"u8, Op);
        json.NonZero("value"u8, Value);
    }
}

public sealed partial record NetworkInterfaceStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Text("Name"u8, Name);
        json.Number("RxBytes"u8, RxBytes);
        json.Number("RxPackets"u8, RxPackets);
        json.Number("RxErrors"u8, RxErrors);
        json.Number("RxDropped"u8, RxDropped);
        json.Number("TxBytes"u8, TxBytes);
        json.Number("TxPackets"u8, TxPackets);
        json.Number("TxErrors"u8, TxErrors);
        json.Number("TxDropped"u8, TxDropped);
    }
}

public sealed partial record IntelRdtStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Object("l3_cache_info"u8, L3Cache);
        json.Text("l3_cache_schema_root"u8, L3CacheSchemaRoot);
        json.Text("l3_cache_schema"u8, L3CacheSchema);
        json.Object("mem_bw_info"u8, MemoryBandwidth);
        json.Text("mem_bw_schema_root"u8, MemBwSchemaRoot);
        json.Text("mem_bw_schema"u8, MemBwSchema);
        json.Texts("schemata"u8, Schemata);
        json.List("mbm_stats"u8, MbmStats);
        json.List("cmt_stats"u8, CmtStats);
    }
}

public sealed partial record L3Cache : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Text("cbm_mask"u8, CbmMask);
        json.NonZero("min_cbm_bits"u8, MinCbmBits);
        json.NonZero("num_closids"u8, NumClosids);
    }
}

public sealed partial record MemoryBandwidth : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.NonZero("bandwidth_gran"u8, BandwidthGran);
        json.NonZero("delay_linear"u8, DelayLinear);
        json.NonZero("min_bandwidth"u8, MinBandwidth);
        json.NonZero("num_closids"u8, NumClosids);
    }
}

public sealed partial record MbmNodeStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Number("mbm_total_bytes"u8, TotalBytes);
        json.Number("mbm_local_bytes"u8, LocalBytes);
    }
}

public sealed partial record CmtNodeStats : IWritable
{
    void IWritable.Write(OciWriter json)
    {
        json.Number("llc_occupancy"u8, LlcOccupancy);
    }
}
