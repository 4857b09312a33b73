using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Etl.Actors.Hosting;
using Etl.Actors.Load.Sinks;
using Etl.Domain.Load;

namespace Etl.Actors.Stages;

/// <summary>
/// The manifest of a stage's folder: what kind of folder it is, which files are in it with their hashes, and what the next stage needs to know.
/// Its last property is the hash of all text before it, so that a byte that was changed is noticed. <c>docs/stages.md</c> has the fields.
/// </summary>
public static class StageManifest
{
    /// <summary>Name of the file; it is renamed into place after all others.</summary>
    public const string FileName = "manifest.json";

    /// <summary>Of what <c>etl extract</c> writes.</summary>
    public const string Extracted = "etl-extract";

    /// <summary>Of what <c>etl transform</c> writes.</summary>
    public const string Transformed = "etl-transform";

    /// <summary>The one version there is of both.</summary>
    public const int Version = 1;

    private const int Usage = 2;
    private const long MaxBytes = 64 << 20;
    private const string Seal = "\n  \"seal\": \"";

    /// <summary>The text of a manifest.</summary>
    /// <param name="body">Writes what the stage adds, into the open object.</param>
    public static byte[] Text(string schema, IEnumerable<LoadedFile> files, Action<Utf8JsonWriter> body)
    {
        var document = Encoding.UTF8.GetString(JsonText.Document(json =>
        {
            json.WriteStartObject();
            json.WriteString("schema", schema);
            json.WriteNumber("version", Version);
            json.WriteString("product_version", JobPreparation.ProductVersion);
            body(json);
            json.WriteStartArray("files");
            foreach (var file in files)
            {
                json.WriteStartObject();
                json.WriteString("name", file.Name);
                json.WriteNumber("bytes", file.Bytes);
                json.WriteString("sha256", file.Sha256);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }));
        // Between the last property and the brace that closes the object.
        var sealedPart = document[..document.LastIndexOf('}')].TrimEnd() + ",";
        return Encoding.UTF8.GetBytes($"{sealedPart}{Seal}{Hash(sealedPart)}\"\n}}\n");
    }

    /// <summary>Reads the manifest of a folder, and holds each of its files against its hash.</summary>
    /// <exception cref="RunException">2: there is none, or it is of another stage or a newer version. 1: it, or a file, is not as it was written.</exception>
    /// <param name="withFiles">False: the manifest alone is read.</param>
    public static JsonElement Read(string folder, string schema, string stage, bool withFiles = true)
    {
        var path = Path.Combine(folder, FileName);
        if (!Directory.Exists(folder)) throw new RunException(Usage, $"there is no folder {folder}; make it with etl {stage}");
        if (!File.Exists(path)) throw new RunException(Usage, $"{folder} has no {FileName}: it was not made by etl {stage}, or that did not end; run it again");
        var manifest = Parsed(path, stage);
        var (found, version) = (TextOf(manifest, "schema"), manifest.TryGetProperty("version", out var number) && number.TryGetInt32(out var known) ? known : 0);
        if (found != schema) throw new RunException(Usage, $"{path} is of {(found.Length == 0 ? "no stage" : found)}, and {schema} is needed: make the folder with etl {stage}");
        if (version != Version) throw new RunException(Usage, $"{path} has version {version} of {schema}, and this program reads version {Version}: take the program that wrote it, or make the folder again with etl {stage}");
        if (withFiles)
            foreach (var file in Files(manifest)) Check(folder, file, stage);
        return manifest;
    }

    /// <summary>The files of a manifest.</summary>
    public static ImmutableArray<LoadedFile> Files(JsonElement manifest)
    {
        try
        {
            return [.. manifest.GetProperty("files").EnumerateArray().Select(f => new LoadedFile(TextOf(f, "name"), f.GetProperty("bytes").GetInt64(), TextOf(f, "sha256")))];
        }
        catch (Exception malformed) when (malformed is KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new RunException(1, $"a {FileName} does not name its files as it should: {malformed.Message}; make the folder again", malformed);
        }
    }

    /// <summary>Refuses a folder that another stage has written into: what it holds would be gone.</summary>
    /// <exception cref="RunException">2: it is one.</exception>
    public static void RefuseOthers(string folder, string schema)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path) || new FileInfo(path).Length > MaxBytes) return;
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            if (document.RootElement.ValueKind == JsonValueKind.Object && TextOf(document.RootElement, "schema") is { Length: > 0 } other && other != schema)
                throw new RunException(Usage, $"{folder} holds what {other.Replace('-', ' ')} wrote, which would be lost; choose another folder with --out");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException)
        {
            // What is no manifest is nobody's.
        }
    }

    private static JsonElement Parsed(string path, string stage)
    {
        try
        {
            if (new FileInfo(path).Length > MaxBytes) throw new RunException(1, $"{path} is larger than any manifest; make the folder again with etl {stage}");
            // Bytes, not a reader's idea of them: a mark at the beginning would pass unnoticed.
            var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(File.ReadAllBytes(path));
            var at = text.LastIndexOf(Seal, StringComparison.Ordinal);
            if (at >= 0 && text[(at + Seal.Length)..] == $"{Hash(text[..at])}\"\n}}\n") return JsonDocument.Parse(text).RootElement;
            // A newer version may seal otherwise: then it is its version that is told.
            if (IsNewer(text) is { } newer) return newer;
            throw new RunException(1, $"{path} is not as it was written: its text and its seal differ; make the folder again with etl {stage}");
        }
        catch (DecoderFallbackException malformed)
        {
            throw new RunException(1, $"{path} is not UTF-8 text; make the folder again with etl {stage}", malformed);
        }
        catch (JsonException malformed)
        {
            throw new RunException(1, $"{path} is no JSON (line {malformed.LineNumber + 1}); make the folder again with etl {stage}", malformed);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new RunException(1, $"{path} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static JsonElement? IsNewer(string text)
    {
        try
        {
            var root = JsonDocument.Parse(text).RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("version", out var number) && number.TryGetInt32(out var version) && version > Version ? root : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Check(string folder, LoadedFile file, string stage)
    {
        var path = Path.Combine(folder, Path.GetFileName(file.Name));
        if (!File.Exists(path)) throw new RunException(Usage, $"{path} is missing, and the manifest names it; make the folder again with etl {stage}");
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 20, FileOptions.SequentialScan);
            if (stream.Length != file.Bytes)
                throw new RunException(1, $"{path} has {stream.Length} bytes, and the manifest says {file.Bytes}: rows were cut off or added; make the folder again with etl {stage}");
            if (Convert.ToHexStringLower(SHA256.HashData(stream)) != file.Sha256)
                throw new RunException(1, $"{path} is not as it was written: its hash is another than the manifest's; make the folder again with etl {stage}");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new RunException(1, $"{path} cannot be read: {unreadable.Message}", unreadable);
        }
    }

    private static string TextOf(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
