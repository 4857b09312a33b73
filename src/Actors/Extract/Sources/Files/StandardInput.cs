namespace Etl.Actors.Extract.Sources.Files;

/// <summary>Standard input that is read without being kept first: once, from its beginning to its end.</summary>
public static class StandardInput
{
    /// <summary>What it is called on the command line.</summary>
    public const string Name = Domain.Jobs.FileStamp.StandardInput;

    private static (byte[] Bytes, bool IsWhole)? head;
    private static Stream? rest;

    /// <summary>Reads the beginning, so that it can be recognised before the job begins.</summary>
    public static (byte[] Bytes, bool IsWhole) Peek()
    {
        rest = Console.OpenStandardInput();
        return (head = RecordFile.Head(rest)).Value;
    }

    /// <summary>What <see cref="Peek"/> read.</summary>
    internal static (byte[] Bytes, bool IsWhole) Peeked => head ?? Peek();

    /// <summary>All of it.</summary>
    /// <exception cref="InvalidDataException">It was taken before.</exception>
    internal static Stream Take()
    {
        if (Interlocked.Exchange(ref rest, null) is not { } stream)
            throw new InvalidDataException(
                "standard input was not kept, and a batch has to be read again; leave --no-spool out, or give a file");
        return new Joined(Peeked.Bytes, stream);
    }

    private sealed class Joined(byte[] first, Stream then) : Stream
    {
        private int taken;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            if (taken == first.Length) return then.Read(buffer, offset, count);
            var part = Math.Min(count, first.Length - taken);
            first.AsSpan(taken, part).CopyTo(buffer.AsSpan(offset, part));
            taken += part;
            return part;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
