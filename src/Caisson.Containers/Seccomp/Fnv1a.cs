namespace Caisson.Containers.Seccomp;

/// <summary>The 64-bit FNV-1a hash: finds a file and notices a damaged one, proves nothing against an adversary.</summary>
static class Fnv1a
{
    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed = 0xcbf29ce484222325)
    {
        ulong hash = seed;
        foreach (byte value in bytes)
        {
            hash = (hash ^ value) * 0x100000001b3;
        }

        return hash;
    }
}
