using System.Buffers.Binary;

namespace Caisson.Containers.Systemd;

/// <summary>A message from the other side, as far as anybody here looks at it (D-Bus specification, "Message Format").</summary>
/// <param name="Type">1 call, 2 return, 3 error, 4 signal.</param>
/// <param name="ReplySerial">Of the call that it answers; 0 for none.</param>
/// <param name="Member">Of a signal.</param>
/// <param name="ErrorName">Of an error.</param>
/// <param name="Signature">Of the body.</param>
/// <param name="Body">The values.</param>
public sealed record BusMessage(byte Type, uint ReplySerial, string Member, string ErrorName, string Signature, byte[] Body)
{
    public const byte Call = 1;
    public const byte Return = 2;
    public const byte Error = 3;
    public const byte Signal = 4;

    /// <summary>Bytes before the header's fields, their length among them.</summary>
    public const int FixedSize = 16;

    /// <summary>Far more than systemd says to anybody here; the protocol allows 128 MiB.</summary>
    public const int MaxSize = 1 << 20;

    const byte FieldPath = 1;
    const byte FieldInterface = 2;
    const byte FieldMember = 3;
    const byte FieldErrorName = 4;
    const byte FieldReplySerial = 5;
    const byte FieldDestination = 6;
    const byte FieldSignature = 8;

    /// <summary>The text in an error, empty where it has none.</summary>
    public string ErrorText => Signature.StartsWith('s') ? new BusReader(Body).Text() : "";

    /// <summary>A method call.</summary>
    public static byte[] WriteCall(uint serial, string destination, string path, string @interface, string member, string signature, ReadOnlySpan<byte> body)
    {
        (byte Code, string Type, string Value)[] fields =
        [
            (FieldPath, "o", path), (FieldInterface, "s", @interface), (FieldMember, "s", member), (FieldDestination, "s", destination),
        ];
        BusWriter writer = new();
        writer.Byte((byte)'l').Byte(Call).Byte(0).Byte(1).Number((uint)body.Length).Number(serial);
        writer.Array(8, signature.Length == 0 ? fields : [.. fields, (FieldSignature, "g", signature)], static (to, field) =>
        {
            to.Byte(field.Code).Signature(field.Type);
            _ = field.Type == "g" ? to.Signature(field.Value) : to.Text(field.Value);
        });
        return writer.Align(8).Raw(body).Bytes.ToArray();
    }

    /// <summary>Bytes of the whole message, from its first <see cref="FixedSize"/>.</summary>
    public static int SizeOf(ReadOnlySpan<byte> start)
    {
        if (start[0] != 'l' || start[3] != 1)
        {
            throw new InvalidDataException("a D-Bus message of another byte order or version");
        }

        ulong fields = BinaryPrimitives.ReadUInt32LittleEndian(start[12..]);
        ulong size = FixedSize + ((fields + 7) & ~7UL) + BinaryPrimitives.ReadUInt32LittleEndian(start[4..]);
        return size <= MaxSize ? (int)size : throw new InvalidDataException($"a D-Bus message of {size} bytes");
    }

    /// <param name="message">All of it.</param>
    public static BusMessage Read(ReadOnlySpan<byte> message)
    {
        (uint replySerial, string member, string errorName, string signature) = (0, "", "", "");
        int end = FixedSize + (int)BinaryPrimitives.ReadUInt32LittleEndian(message[12..]);
        BusReader reader = new(message[..end]);
        while (reader.Position < FixedSize)
        {
            reader.Byte();
        }

        while (reader.Position < end)
        {
            reader.Align(8);
            byte code = reader.Byte();
            string type = reader.Signature();
            string text = type switch
            {
                "s" or "o" => reader.Text(),
                "g" => reader.Signature(),
                "u" => "",
                _ => throw new InvalidDataException($"a D-Bus header field of type {type}"),
            };
            uint number = type == "u" ? reader.Number() : 0;
            replySerial = code == FieldReplySerial ? number : replySerial;
            member = code == FieldMember ? text : member;
            errorName = code == FieldErrorName ? text : errorName;
            signature = code == FieldSignature ? text : signature;
        }

        return new BusMessage(message[1], replySerial, member, errorName, signature, message[((end + 7) & ~7)..].ToArray());
    }
}
