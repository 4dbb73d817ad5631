using System.Runtime.InteropServices;

namespace Caisson.Kernel.Files;

/// <summary>struct fsxattr of linux/fs.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct fsxattr
{
    public uint fsx_xflags;
    public uint fsx_extsize;
    public uint fsx_nextents;
    public uint fsx_projid;
    public uint fsx_cowextsize;
    public fixed byte fsx_pad[8];
}

/// <summary>struct fs_disk_quota of linux/dqblk_xfs.h; blocks are of 512 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct fs_disk_quota
{
    public sbyte d_version;
    public sbyte d_flags;
    public ushort d_fieldmask;
    public uint d_id;
    public ulong d_blk_hardlimit;
    public ulong d_blk_softlimit;
    public ulong d_ino_hardlimit;
    public ulong d_ino_softlimit;
    public ulong d_bcount;
    public ulong d_icount;
    public int d_itimer;
    public int d_btimer;
    public ushort d_iwarns;
    public ushort d_bwarns;
    public sbyte d_itimer_hi;
    public sbyte d_btimer_hi;
    public sbyte d_rtbtimer_hi;
    public sbyte d_padding2;
    public ulong d_rtb_hardlimit;
    public ulong d_rtb_softlimit;
    public ulong d_rtbcount;
    public int d_rtbtimer;
    public ushort d_rtbwarns;
    public short d_padding3;
    public fixed byte d_padding4[8];
}
