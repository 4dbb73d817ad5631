namespace Caisson.Containers.Cgroups;

/// <summary>What a failed write of a plan means.</summary>
[Flags]
public enum FailureRule
{
    Fail = 0,

    /// <summary>
    /// EINVAL: once more after all other writes. Limits that bound each other (memory and memory with swap, period and
    /// quota) are so written in either direction without knowing the present values.
    /// </summary>
    Defer = 1,

    /// <summary>ENOENT: this kernel has no such file, and nothing is lost.</summary>
    IgnoreMissing = 2,

    /// <summary>ENOENT: the next write says the same in another way; after a success that one is left out.</summary>
    TryNext = 4,

    /// <summary>The kernel clamps silently; another value read back is a failure.</summary>
    ReadBack = 8,

    /// <summary>Refused before writing when the cgroup already uses more.</summary>
    RefuseBelowUsage = 16,

    /// <summary>EPERM inside a user namespace: device access belongs to the initial one, which has set it already.</summary>
    IgnoreInUserNamespace = 32,
}
