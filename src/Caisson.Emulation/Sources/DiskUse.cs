namespace Caisson.Emulation.Sources;

/// <summary>What a cgroup read from a block device, wrote to it and discarded: operations and bytes.</summary>
readonly record struct DiskUse(long Reads, long ReadBytes, long Writes, long WriteBytes, long Discards, long DiscardBytes)
{
    public bool IsNone => this == default;
}
