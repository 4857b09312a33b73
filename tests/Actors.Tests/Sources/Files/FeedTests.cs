using System.IO.Compression;
using System.Text;
using Etl.Actors.Extract;
using Etl.Actors.Extract.Sources.Files;
using Etl.Actors.Tests.Kit;
using Etl.Domain.Countries;
using Etl.Domain.Jobs;
using Etl.Domain.Map.Files;

namespace Etl.Actors.Tests.Sources.Files;

/// <summary>The feeds of files: each record in exactly one batch, whatever the batch's size, the order of reading and the compression.</summary>
public sealed class FeedTests : IDisposable
{
    private const string Content = "country,year,gdp_usd_million\nGermany,2020,1.5\r\n\"Korea, Rep.\",2021,22\n\nFrance,2020,333\nÅland,2020,n/a\nKenya,2022,1";

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("etl-feeds-");

    public void Dispose() => directory.Delete(recursive: true);

    public static TheoryData<Compression, bool> Ways() => new()
    {
        { Compression.None, false }, { Compression.None, true }, { Compression.Gzip, false }, { Compression.Zstandard, false }, { Compression.Gzip, true },
    };

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Every_batch_size_gives_every_line_once_and_in_order(Compression compression, bool multiline)
    {
        var input = Write(Content, compression);
        for (var size = 1; size <= Encoding.UTF8.GetByteCount(Content) + 2; size++)
        {
            using var feed = Open(input, size, multiline).Feed;
            var batches = await ReadAll(feed, size);
            foreach (var piece in new[] { 1, 2, 7, 64 }) Assert.Equal(batches, await ReadAll(feed, size, piece));
            Assert.Equal(Content[(Content.IndexOf('\n') + 1)..], string.Concat(batches.Select(b => b.Text)));
            Assert.Equal([1], batches.Select(b => b.HeaderLines).Where(h => h > 0));
            Assert.All(batches, b => Assert.True(b.Text.Length == 0 || b.At - (long)b.Ordinal * size is >= 0 and var at && at < size, $"{b} of {size}"));
        }
    }

    [Fact]
    public async Task A_record_over_line_ends_is_whole_in_the_batch_it_starts_in()
    {
        const string text = "country,year,gdp_usd_million\n\"Ger\nmany\",2020,1\n\"a \"\"b\"\"\n\n\",2021,2\nFrance,2020,3\n";
        string[] records = ["\"Ger\nmany\",2020,1\n", "\"a \"\"b\"\"\n\n\",2021,2\n", "France,2020,3\n"];
        var input = Write(text, Compression.None);
        for (var size = 1; size <= text.Length; size++)
        {
            using var feed = Open(input, size, multiline: true).Feed;
            var owned = await ReadAll(feed, size);
            foreach (var record in records) Assert.Single(owned, b => b.Text.Contains(record, StringComparison.Ordinal));
            Assert.Equal(string.Concat(records), string.Concat(owned.Select(b => b.Text)));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task A_stream_tells_how_far_its_file_is_read(Compression compression, bool multiline)
    {
        var random = new Random(7);
        var input = Write("country,year,gdp_usd\n" + string.Concat(Enumerable.Range(0, 100_000).Select(_ => $"Kenya,2020,{random.Next()}\n")), compression);
        using var feed = Open(input, 20_000, multiline).Feed;
        var positions = new List<long?>();
        for (var ordinal = 0; ordinal < 100 && await feed.ReadAsync(ordinal, CancellationToken.None) is FeedItem.Bytes bytes; ordinal++)
        {
            positions.Add(bytes.Position);
            bytes.Lent.Return();
        }

        if (compression == Compression.None && !multiline)
        {
            Assert.All(positions, Assert.Null);
            return;
        }

        Assert.Equal(positions.Order(), positions);
        Assert.InRange(positions[0]!.Value, 1, input.Bytes / 2);
        Assert.InRange(positions[positions.Count / 2]!.Value, input.Bytes / 4, input.Bytes * 3 / 4);
        Assert.InRange(positions[^1]!.Value, input.Bytes * 9 / 10, input.Bytes);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Any_order_and_repetition_gives_the_same_batches(Compression compression, bool multiline)
    {
        using var feed = Open(Write(Content, compression), 20, multiline).Feed;
        var inOrder = await ReadAll(feed, 20);
        foreach (var ordinal in new[] { 3, 1, 1, 4, 0, 2 })
            Assert.Equal(inOrder[ordinal], await Read(feed, ordinal));
    }

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstandard)]
    public async Task A_stream_tells_its_end_and_how_many_batches_it_had(Compression compression)
    {
        var length = Encoding.UTF8.GetByteCount(Content);
        foreach (var size in new[] { 7, length - 1, length, length + 1, 1000 })
        {
            var (feed, batches) = Open(Write(Content, compression), size);
            Assert.Equal(SplitPlan.Unknown, batches);
            using (feed) Assert.Equal(new FeedItem.End((length + size - 1) / size), await feed.ReadAsync(500, CancellationToken.None));
        }
    }

    [Fact]
    public async Task A_file_that_changes_under_the_reader_is_refused()
    {
        var input = Write(Content, Compression.None);
        using var feed = Open(input, 20).Feed;
        await Read(feed, 0);
        File.AppendAllText(input.File!.Path, "Chad,2020,1\n");
        var unreadable = await Assert.ThrowsAsync<BatchUnreadableException>(() => Read(feed, 1));
        Assert.Contains("changed while it was read", Assert.IsType<InvalidDataException>(unreadable.InnerException).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Compression.Gzip, false)]
    [InlineData(Compression.Zstandard, false)]
    [InlineData(Compression.None, true)]
    public async Task A_stream_whose_file_changes_is_refused(Compression compression, bool multiline)
    {
        var input = Write(Content, compression);
        using var feed = Open(input, 20, multiline).Feed;
        await Read(feed, 0);
        File.SetLastWriteTimeUtc(input.File!.Path, DateTime.UtcNow.AddMinutes(1));
        var changed = await Assert.ThrowsAsync<InvalidDataException>(() => Read(feed, 1));
        Assert.Contains("changed while it was read", changed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Chad,2020,1\n", false)]
    [InlineData("\u001f\u008c", false)]
    [InlineData("\0\0\0\0", true)]
    [InlineData("", true)]
    public async Task What_follows_the_last_part_of_a_gzip_file_is_not_passed_over(string rest, bool isRead)
    {
        var bytes = File.ReadAllBytes(Write(Content, Compression.Gzip).File!.Path);
        // Two parts are one content.
        byte[] two = [.. bytes, .. File.ReadAllBytes(Write("Chad,2020,1\n", Compression.Gzip).File!.Path)];
        var input = Write([.. two, .. Encoding.Latin1.GetBytes(rest)], Compression.Gzip, compress: false);
        if (isRead) Assert.Contains("Chad", (await First())!.Text, StringComparison.Ordinal);
        else await Assert.ThrowsAsync<InvalidDataException>(First);

        async Task<Owned?> First()
        {
            using var feed = Open(input, 1_000).Feed;
            return await Read(feed, 0);
        }
    }

    [Fact]
    public async Task A_feed_that_is_disposed_while_it_reads_closes_its_file_when_the_read_has_ended()
    {
        // Large enough for a disposal to come in the middle; what it did before was to crash the process in native code.
        var random = new Random(7);
        var rows = new StringBuilder("country,year,gdp_usd\n");
        for (var row = 0; row < 400_000; row++) rows.Append("Germany,2001,").Append(random.Next()).Append('\n');
        var input = Write(rows.ToString(), Compression.Gzip);
        for (var round = 0; round < 20; round++)
        {
            var feed = Open(input, 4 << 20).Feed;
            using var stopping = new CancellationTokenSource();
            var reading = Task.Run(() => feed.ReadAsync(1, stopping.Token));
            await Task.Delay(round % 7);
            stopping.Cancel();
            feed.Dispose();
            try
            {
                if (await reading is FeedItem.Bytes item) item.Lent.Return();
            }
            catch (OperationCanceledException)
            {
                // It was asked to.
            }
        }

        if (!OperatingSystem.IsLinux()) return;
        for (var wait = 0; wait < 200 && IsOpen(input); wait++) await Task.Delay(10);
        Assert.False(IsOpen(input));
    }

    [Theory]
    [InlineData("", "became shorter")]
    [InlineData("country,year,gdp_usd_million\nGermany,2020,1.5\r\n", "became shorter")]
    [InlineData(null, "find file")]
    public async Task A_file_that_shrinks_or_goes_cannot_be_read(string? left, string reason)
    {
        var input = Write(Content, Compression.None);
        using var feed = Open(input, 40).Feed;
        if (left is not null) await Read(feed, 0);
        if (left is null) File.Delete(input.File!.Path);
        else File.WriteAllText(input.File!.Path, left);
        Assert.Contains(reason, (await Assert.ThrowsAsync<BatchUnreadableException>(() => Read(feed, 2))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_stays_open_while_a_batch_of_it_is_read_and_no_longer()
    {
        var input = Write(Content, Compression.None);
        var feed = Open(input, 40).Feed;
        var lent = new List<LentBatch>();
        foreach (var ordinal in new[] { 0, 1 }) lent.Add(Assert.IsType<FeedItem.Bytes>(await feed.ReadAsync(ordinal, CancellationToken.None)).Lent);
        var pieces = lent[0].Pieces(new(10));
        Assert.True(pieces.Next(out _));
        feed.Dispose();
        Assert.True(pieces.Next(out _));
        foreach (var batch in lent)
        {
            batch.Return();
            batch.Return();
        }

        if (OperatingSystem.IsLinux()) Assert.False(IsOpen(input));
    }

    [Theory]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Zstandard)]
    public async Task Damaged_content_is_refused_for_good(Compression compression)
    {
        var whole = Write(string.Concat(Enumerable.Range(0, 5000).Select(i => $"Germany,{2000 + (i % 20)},{i * 7919 % 10007}\n")).Insert(0, "country,year,gdp_usd\n"), compression);
        var bytes = File.ReadAllBytes(whole.File!.Path);
        foreach (var damaged in new[] { bytes[..(bytes.Length / 2)], [.. bytes.Select((b, i) => i > bytes.Length / 2 && i % 7 == 0 ? (byte)~b : b)] })
        {
            var input = Write(damaged, compression, compress: false);
            await Assert.ThrowsAsync<InvalidDataException>(async () =>
            {
                using var feed = Open(input, 1000).Feed;
                for (var ordinal = 0; await feed.ReadAsync(ordinal, CancellationToken.None) is FeedItem.Bytes item; ordinal++) item.Lent.Return();
            });
        }
    }

    [Theory]
    [InlineData(Compression.None, false)]
    [InlineData(Compression.Gzip, false)]
    [InlineData(Compression.None, true)]
    public async Task A_line_that_does_not_end_is_cut_and_refused_where_it_starts(Compression compression, bool multiline)
    {
        var text = "country,year,gdp_usd\nGermany,2020,1\n" + new string('x', 3 << 20) + "\nFrance,2020,1\n";
        using var feed = Open(Write(text, compression), 4096, multiline).Feed;
        var first = Assert.IsType<FeedItem.Bytes>(await feed.ReadAsync(0, CancellationToken.None));
        // Cut inside the line, long before its end, and left to the mapper to refuse.
        Assert.True(first.Lent.Pieces(new()).Next(out var bytes));
        Assert.InRange(bytes.End - bytes.Start, 1 << 20, 3 << 20);
        var refused = Assert.IsType<FileBatch.Refused>(new FileBatchMapper().Map(first.Lent.Pieces(new()), first.Plan, new()));
        Assert.Equal((36, 2), (refused.Offset, refused.Line));
        Assert.Contains("etl.csv.max-line-bytes", refused.Remedy, StringComparison.Ordinal);
        Assert.Equal(3, await feed.LineOfAsync(36, CancellationToken.None));
    }

    [Fact]
    public async Task Buffers_are_lent_within_the_budget_and_come_back()
    {
        var buffers = new BatchBuffers(3_000);
        var (first, second) = (await buffers.RentAsync(1_000, default), await buffers.RentAsync(1_000, default));
        var third = buffers.RentAsync(1_000, default);
        Assert.False(third.IsCompleted);
        first.Return();
        first.Return();
        Assert.Same(first.Buffer, (await third).Buffer);
        using var gone = new CancellationTokenSource();
        var cancelled = buffers.RentAsync(1_000, gone.Token);
        var fifth = buffers.RentAsync(1_000, default);
        gone.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        second.Abandon();
        Assert.NotSame(second.Buffer, (await fifth).Buffer);
    }

    [Fact]
    public async Task One_batch_is_always_under_way_however_large()
    {
        var buffers = new BatchBuffers(10);
        var only = await buffers.RentAsync(1_000, default);
        var next = buffers.RentAsync(1_000, default);
        Assert.False(next.IsCompleted);
        only.Return();
        await next;
    }

    private static bool IsOpen(StoredInput input) =>
        Directory.GetFiles("/proc/self/fd").Any(fd => new FileInfo(fd).LinkTarget == input.File!.Path);

    private StoredInput Write(string text, Compression compression) => Write(Encoding.UTF8.GetBytes(text), compression, compress: true);

    private StoredInput Write(byte[] content, Compression compression, bool compress)
    {
        var path = Path.Combine(directory.FullName, $"{Guid.NewGuid():N}.csv");
        using (var file = File.Create(path))
        {
            using Stream target = !compress ? file
                : compression == Compression.Gzip ? new GZipStream(file, CompressionLevel.Fastest)
                : compression == Compression.Zstandard ? new ZstdSharp.CompressionStream(file) : file;
            target.Write(content);
        }

        var info = new FileInfo(path);
        return new(path, new string('0', 64), info.Length) { File = new(path, info.LastWriteTimeUtc.Ticks, compression) };
    }

    private static (IBatchFeed Feed, int Batches) Open(StoredInput input, int batchBytes, bool multiline = false)
    {
        var spec = new JobSpec(
            RecordSource.Csv, [input],
            AnswerOptions.Default with { Year = new YearRule.All(), Records = RecordOptions.Default with { Multiline = multiline } },
            CountryDirectory.Default.ContentHash, 64, "0.1.0")
        { BatchBytes = batchBytes };
        var read = Assert.IsType<SplitReading.Records>(RecordSource.Read(spec, 0, Given.Scheme, new(48 << 20)));
        return (read.Open(), read.Batches);
    }

    private static async Task<IReadOnlyList<Owned>> ReadAll(IBatchFeed feed, int size, int pieceBytes = PieceBuffer.DefaultSize)
    {
        var owned = new List<Owned>();
        for (var ordinal = 0; (long)ordinal * size < Encoding.UTF8.GetByteCount(Content) + 40; ordinal++)
        {
            // A seekable file has no batch beyond its end; a stream says where that is.
            try
            {
                if (await Read(feed, ordinal, pieceBytes) is not { } batch) break;
                owned.Add(batch);
            }
            catch (ArgumentOutOfRangeException) when (ordinal > 0)
            {
                break;
            }
        }

        return owned;
    }

    private static async Task<Owned?> Read(IBatchFeed feed, int ordinal, int pieceBytes = PieceBuffer.DefaultSize)
    {
        if (await feed.ReadAsync(ordinal, CancellationToken.None) is not FeedItem.Bytes item) return null;
        var owned = new Owned(ordinal, 0, "", 0);
        for (var pieces = item.Lent.Pieces(new(pieceBytes)); pieces.Next(out var piece);)
        {
            var text = Encoding.UTF8.GetString(piece.Buffer, piece.Start, piece.End - piece.Start);
            if (owned.Text.Length == 0 && text.Length > 0) owned = owned with { At = piece.Offset + piece.Start };
            owned = owned with { Text = owned.Text + text, HeaderLines = owned.HeaderLines + piece.HeaderLines };
        }

        item.Lent.Return();
        return owned;
    }

    private sealed record Owned(int Ordinal, long At, string Text, int HeaderLines);
}
