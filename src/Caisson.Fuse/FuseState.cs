using System.Runtime.InteropServices;

namespace Caisson.Fuse;

/// <summary>
/// What a worker leaves to the next, which may be of another version of this program: new fields go to the end, and 0 is a
/// good beginning for each.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
struct FuseState
{
    /// <summary>Number of the last request that needs nothing more, as in fuse_in_header.</summary>
    public ulong Answered;

    /// <summary>Number of the request that was begun last.</summary>
    public ulong Begun;

    /// <summary>How many times it was begun.</summary>
    public long Attempts;

    /// <summary>When, in nanoseconds of CLOCK_MONOTONIC; 0 while there is nothing to do.</summary>
    public long BusySince;

    /// <summary>How many files have been opened.</summary>
    public ulong Opened;

    /// <summary>How many sizes have been made to grow.</summary>
    public ulong Stores;

    /// <summary>All times of all files, in seconds since 1970.</summary>
    public long Created;

    /// <summary>What is in the table of snapshots, and where that is; 0 while it is nothing.</summary>
    public ulong TableForm;
}
