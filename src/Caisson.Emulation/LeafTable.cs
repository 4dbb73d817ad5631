using Caisson.Emulation.Dev;
using Caisson.Emulation.Proc;
using Caisson.Emulation.Sys;
using Caisson.Emulation.Sysctl;
using Caisson.Fuse.Nodes;
using Caisson.Kernel.Mounts;

namespace Caisson.Emulation;

/// <summary>
/// All emulated files. Each is a file of its own, mounted over the kernel's: never a directory, for what is careful about /proc
/// refuses to cross into one. A leaf whose target a kernel or a namespace does not have is not mounted.
/// </summary>
static class LeafTable
{
    const uint OwnerReads = 0x100; // 0400

    public static IReadOnlyList<Leaf> Leaves { get; } =
    [
        .. ProcTree.Leaves.Append(KernelLog.Leaf).Concat(SysTree.Leaves).Concat(SysctlTable.Rows.Concat(SysTree.Rows).Select(LeafOf))
            .OrderBy(leaf => leaf.Path, StringComparer.Ordinal),
    ];

    public static string NameOf(Leaf leaf) => FlatTree.NameOf(leaf.Path[1..], "");

    public static FuseFile FileOf(Leaf leaf, LeafContext context) => new(NameOf(leaf), leaf.Mode, leaf.Content(context));

    static Leaf LeafOf(SysctlRow row) => new(row.Path, row.Mode, LeafKind.Sysctl, row.Form.Description, context =>
        (row.Mode & OwnerReads) != 0 ? new SysctlFile(row, context.Sysctls) : new WriteOnly(row, context.Sysctls));
}
