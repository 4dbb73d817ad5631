namespace Caisson.Fuse.Nodes;

/// <summary>Who makes a request, in the ids of the host; the pid is a thread's, 0 where it lies outside our pid namespace.</summary>
public readonly record struct Caller(int Pid, uint Uid, uint Gid);
