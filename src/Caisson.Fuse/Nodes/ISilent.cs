namespace Caisson.Fuse.Nodes;

/// <summary>A file that poll(2) never shows ready for reading; all others always are.</summary>
public interface ISilent;
