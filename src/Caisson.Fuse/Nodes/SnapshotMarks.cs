namespace Caisson.Fuse.Nodes;

/// <summary>What <see cref="Snapshot"/> tells of a content with yes or no.</summary>
[Flags]
enum SnapshotMarks : uint
{
    None = 0,
    Fresh = 1,
    Paged = 2,
    Outdated = 4,
    Sized = 8,
    Begun = 16,
}
