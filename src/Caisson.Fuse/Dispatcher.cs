using Caisson.Fuse.Nodes;
using Caisson.Fuse.Protocol;
using Caisson.Kernel;

namespace Caisson.Fuse;

/// <summary>From the bytes of a request to the answer, whatever the bytes are; nothing that happens on the way ends it.</summary>
sealed class Dispatcher(FlatDirectory files, FuseMemory memory, Transmit transmit, Action<string> log)
{
    readonly ReplyWriter _reply = new(memory, transmit);

    public void Handle(ReadOnlySpan<byte> bytes)
    {
        if (!RequestReader.TryParse(bytes, out RequestReader request))
        {
            log($"fuse: {bytes.Length} bytes that are no request");
            return;
        }

        OpcodeEntry? entry = OpcodeTable.Find(request.Header.opcode);
        _reply.Begin();
        Errno errno = Answer(entry, request);
        if (entry is not { HasNoAnswer: true })
        {
            Send(entry, request.Header.unique, errno);
        }
    }

    /// <summary>For a request that ends whoever handles it.</summary>
    public void Refuse(ReadOnlySpan<byte> bytes)
    {
        if (RequestReader.TryParse(bytes, out RequestReader request)
            && OpcodeTable.Find(request.Header.opcode) is var entry and not { HasNoAnswer: true })
        {
            log($"fuse: {(Opcode)request.Header.opcode} of node {request.Header.nodeid:x} ended too many servers");
            Send(entry, request.Header.unique, Errno.EIO);
        }
    }

    Errno Answer(OpcodeEntry? entry, in RequestReader request)
    {
        if (entry is null)
        {
            return Errno.ENOSYS;
        }

        if (!request.IsWhole || request.BodyLength < entry.InputSize)
        {
            return Errno.EINVAL;
        }

        try
        {
            return entry.Handler(files, request, _reply);
        }
        catch (Exception e)
        {
            log($"fuse: {entry.Number} of node {request.Header.nodeid:x}: {e.GetType().Name}: {e.Message}");
            return Errno.EIO;
        }
    }

    void Send(OpcodeEntry? entry, ulong unique, Errno errno)
    {
        // ENOENT: whoever asked has gone, or had the answer from a server that did not live to note it.
        Errno failure = _reply.Send(unique, errno);
        if (failure is not (Errno.None or Errno.ENOENT))
        {
            log($"fuse: the kernel refused an answer to {entry?.Number}: {failure.Describe()}");
        }
    }
}
