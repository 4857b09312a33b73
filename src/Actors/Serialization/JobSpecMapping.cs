using Etl.Domain;
using Etl.Domain.Extract;
using Etl.Domain.Jobs;
using Etl.Domain.Map;

namespace Etl.Actors.Serialization;

/// <summary>What a job is and what its source chose, to and from their stored form.</summary>
internal static class JobSpecMapping
{
    public static Stored.StoredInput ToStored(this StoredInput input) => new()
    {
        Label = input.Label,
        Sha256 = input.Sha256,
        Bytes = input.Bytes,
        File = input.File is { } file
            ? new Stored.FileStamp { Path = file.Path, Modified = file.ModifiedTicks, Compression = (int)file.Compression } : null,
        Origin = input.Origin is { } origin ? new Stored.InputOrigin { Source = origin.Source, Sha256 = origin.Sha256, Bytes = origin.Bytes } : null,
    };

    public static StoredInput FromStored(this Stored.StoredInput stored) => new(stored.Label, stored.Sha256, stored.Bytes)
    {
        File = stored.File is { } file ? new FileStamp(file.Path, file.Modified, file.Compression.ToEnum<Compression>()) : null,
        Origin = stored.Origin is { } origin ? new InputOrigin(origin.Source, origin.Sha256, origin.Bytes) : null,
    };

    public static Stored.JobSpec ToStored(this JobSpec spec)
    {
        var stored = new Stored.JobSpec
        {
            Source = spec.Source,
            Inputs = { spec.Inputs.Select(ToStored) },
            Options = ToStored(spec.Options),
            DirectoryHash = spec.DirectoryHash,
            BatchRows = spec.BatchRows,
            ProductVersion = spec.ProductVersion,
        };
        // A page has no batches of bytes: its job is written as it was before there were files.
        if (spec.Inputs.Any(i => i.File is not null)) stored.BatchBytes = spec.BatchBytes;
        return stored;
    }

    public static JobSpec FromStored(this Stored.JobSpec stored) => new(
        stored.Source,
        stored.Inputs.Select(FromStored).ToEquatableArray(),
        FromStored(stored.Options.Required("options")),
        stored.DirectoryHash,
        stored.BatchRows,
        stored.ProductVersion)
    {
        BatchBytes = stored.HasBatchBytes ? stored.BatchBytes : JobSpec.DefaultBatchBytes,
    };

    public static Stored.SourceChoice ToStored(this SourceChoice choice)
    {
        var stored = new Stored.SourceChoice
        {
            Title = choice.Title,
            Table = choice.Table,
            Column = choice.Column,
            Unit = (int)choice.Unit,
            HeaderYear = choice.HeaderYear,
            Years = choice.Years,
            Warnings = { choice.Warnings },
        };
        // The generated setters refuse null, so what is absent is not set.
        if (choice.Edition is { } edition) stored.Edition = edition.ToStored();
        return stored;
    }

    public static SourceChoice FromStored(this Stored.SourceChoice stored) => new(
        stored.Title,
        stored.Table,
        stored.Column,
        stored.Unit.ToEnum<Unit>(),
        stored.HeaderYear,
        stored.Years,
        stored.HasEdition ? stored.Edition.ToDate() : null,
        stored.Warnings.ToEquatableArray());

    private static Stored.AnswerOptions ToStored(AnswerOptions options)
    {
        var stored = new Stored.AnswerOptions
        {
            Publisher = (int)options.Publisher,
            Regions = options.Regions,
            RegionsFile = options.RegionsFile?.ToStored(),
            Year = options.Year.ToString(),
            Duplicates = (int)options.Duplicates,
            Top = options.Top,
            ThresholdBillions = options.ThresholdBillions.ToStored(),
            Records = options.Records == RecordOptions.Default ? null : ToStored(options.Records),
        };
        if (options.Unit is { } unit) stored.Unit = (int)unit;
        if (options.AsOf is { } date) stored.AsOf = date.ToStored();
        if (options.QuarantineLimit != BatchTally.MaxRejections) stored.QuarantineLimit = options.QuarantineLimit;
        return stored;
    }

    private static AnswerOptions FromStored(Stored.AnswerOptions stored) => new(
        stored.Publisher.ToEnum<Publisher>(),
        stored.HasUnit ? stored.Unit.ToEnum<Unit>() : null,
        stored.Regions,
        stored.RegionsFile?.FromStored(),
        YearRule.Parse(stored.Year) ?? throw new InvalidDataException($"'{stored.Year}' is no rule for years"),
        stored.HasAsOf ? stored.AsOf.ToDate() : null,
        stored.Duplicates.ToEnum<DuplicateRule>(),
        stored.Top,
        stored.ThresholdBillions.ToDecimal())
    {
        Records = stored.Records is { } records ? FromStored(records) : RecordOptions.Default,
        QuarantineLimit = stored.HasQuarantineLimit ? stored.QuarantineLimit : BatchTally.MaxRejections,
    };

    private static Stored.RecordOptions ToStored(RecordOptions options)
    {
        var stored = new Stored.RecordOptions
        {
            EmptyIsMissing = options.EmptyIsMissing,
            Multiline = options.Multiline,
            MaxLineBytes = options.MaxLineBytes,
        };
        if (options.Country is { } country) stored.Country = country;
        if (options.Year is { } year) stored.Year = year;
        if (options.Value is { } value) stored.Value = value;
        if (options.Delimiter is { } delimiter) stored.Delimiter = delimiter;
        return stored;
    }

    private static RecordOptions FromStored(Stored.RecordOptions stored) => new(
        stored.HasCountry ? stored.Country : null,
        stored.HasYear ? stored.Year : null,
        stored.HasValue ? stored.Value : null,
        stored.HasDelimiter ? (char)stored.Delimiter : null,
        stored.EmptyIsMissing,
        stored.Multiline,
        stored.MaxLineBytes);
}
