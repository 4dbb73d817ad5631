using System.Text;

namespace Caisson.Emulation.Identity;

/// <summary>UUIDs made from a text: the same for the same text, on every machine (RFC 9562, version 8).</summary>
static class Uuid
{
    /// <summary>In lower case, as the kernel prints them, with a line end.</summary>
    public static byte[] TextOf(string seed)
    {
        UInt128 hash = Hash(Encoding.UTF8.GetBytes(seed));
        hash = (hash & ~((UInt128)0xF000 << 64)) | ((UInt128)0x8000 << 64);
        hash = (hash & ~((UInt128)0xC000 << 48)) | ((UInt128)0x8000 << 48);
        string digits = $"{(ulong)(hash >> 64):x16}{(ulong)hash:x16}";
        return Encoding.ASCII.GetBytes($"{digits[..8]}-{digits[8..12]}-{digits[12..16]}-{digits[16..20]}-{digits[20..]}\n");
    }

    // FNV-1a of 128 bits, then the last step of MurmurHash3 so that each bit of the text reaches all of the result. What
    // hashes securely in .NET is OpenSSL, which a program without libraries does not have; nobody has a gain from a collision
    // here, for the text is the container's id, which others choose.
    static UInt128 Hash(ReadOnlySpan<byte> text)
    {
        UInt128 hash = new(0x6c62272e07bb0142, 0x62b821756295c58d);
        foreach (byte one in text)
        {
            hash = (hash ^ one) * new UInt128(0x0000000001000000, 0x000000000000013B);
        }

        ulong high = Mix((ulong)(hash >> 64) ^ Mix((ulong)hash));
        return new UInt128(high, Mix((ulong)hash ^ high));
    }

    static ulong Mix(ulong bits)
    {
        bits = (bits ^ (bits >> 33)) * 0xff51afd7ed558ccd;
        bits = (bits ^ (bits >> 33)) * 0xc4ceb9fe1a85ec53;
        return bits ^ (bits >> 33);
    }
}
