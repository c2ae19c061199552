//! `model.safetensors`: reads one tensor after another, so that no second copy of a large model lies in memory. The file
//! is not mapped into memory: that needs `unsafe`, and a file that changes under a map ends the program.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use candle_core::{DType, Device, Tensor};
use candle_nn::{Embedding, LayerNorm, Linear};
use safetensors::tensor::{Metadata, TensorInfo};

use super::error::TransformerError;

/// The length of the header stands in so many bytes before it; so long it may be (as in the library for the format).
const LENGTH_BYTES: u64 = 8;
const LONGEST_HEADER: u64 = 100_000_000;

const DAMAGED: &str = "fetch the model again: the file is damaged, or no safetensors file";
const NOT_THIS_MODEL: &str = "check that all three files are of one model, and that it is a sequence classifier";

/// The file, and where each tensor lies in it.
pub(super) struct Weights {
    path: PathBuf,
    file: File,
    /// Where the header ends.
    start: u64,
    tensors: Metadata,
}

impl Weights {
    pub(super) fn open(path: &Path) -> Result<Self, TransformerError> {
        let mut file = File::open(path).map_err(TransformerError::read(path))?;
        let size = file.metadata().map_err(TransformerError::read(path))?.len();
        let header = header(&mut file, size).map_err(TransformerError::read(path))?;
        let damaged = |problem: &str| TransformerError::wrong(path, problem, DAMAGED);
        let header = header.ok_or_else(|| damaged("there is no header, or the file ends within it"))?;
        let tensors: Metadata =
            serde_json::from_slice(&header).map_err(|error| damaged(&format!("the header is damaged: {error}")))?;
        let start = LENGTH_BYTES + header.len() as u64;
        if tensors.data_len() as u64 != size - start {
            return Err(damaged("the file is shorter or longer than its header says"));
        }
        Ok(Self { path: path.to_owned(), file, start, tensors })
    }

    /// A tensor of that shape, in single precision whatever it was stored in.
    pub(super) fn tensor(&self, name: &str, shape: &[usize]) -> Result<Tensor, TransformerError> {
        let wrong = |problem: String| TransformerError::wrong(&self.path, problem, NOT_THIS_MODEL);
        let info = self.tensors.info(name).ok_or_else(|| wrong(format!("there is no tensor `{name}`")))?;
        if info.shape != shape {
            let found = &info.shape;
            return Err(wrong(format!("`{name}` has the shape {found:?}, but config.json asks for {shape:?}")));
        }
        let bytes = self.bytes(info).map_err(TransformerError::read(&self.path))?;
        let stored = DType::try_from(info.dtype).map_err(|error| wrong(format!("`{name}`: {error}")))?;
        Tensor::from_raw_buffer(&bytes, stored, shape, &Device::Cpu)
            .and_then(|tensor| tensor.to_dtype(DType::F32))
            .map_err(|error| wrong(format!("`{name}`: {error}")))
    }

    fn bytes(&self, info: &TensorInfo) -> std::io::Result<Vec<u8>> {
        let (begin, end) = info.data_offsets;
        let mut bytes = vec![0; end - begin];
        let mut file = &self.file;
        file.seek(SeekFrom::Start(self.start + begin as u64))?;
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }

    pub(super) fn linear(&self, name: &str, from: usize, to: usize) -> Result<Linear, TransformerError> {
        let weight = self.tensor(&format!("{name}.weight"), &[to, from])?;
        Ok(Linear::new(weight, Some(self.tensor(&format!("{name}.bias"), &[to])?)))
    }

    pub(super) fn embedding(&self, name: &str, rows: usize, size: usize) -> Result<Embedding, TransformerError> {
        Ok(Embedding::new(self.tensor(&format!("{name}.weight"), &[rows, size])?, size))
    }

    /// Files from the days of TensorFlow call the scale `gamma` and the shift `beta`.
    pub(super) fn norm(&self, name: &str, size: usize, epsilon: f64) -> Result<LayerNorm, TransformerError> {
        let old = self.tensors.info(&format!("{name}.gamma")).is_some();
        let (scale, shift) = if old { ("gamma", "beta") } else { ("weight", "bias") };
        let scale = self.tensor(&format!("{name}.{scale}"), &[size])?;
        Ok(LayerNorm::new(scale, self.tensor(&format!("{name}.{shift}"), &[size])?, epsilon))
    }
}

/// The JSON at the beginning of a file of this size, behind its length; nothing if there is not so much.
fn header(file: &mut File, size: u64) -> std::io::Result<Option<Vec<u8>>> {
    let Some(room) = size.checked_sub(LENGTH_BYTES) else { return Ok(None) };
    let mut length = [0; LENGTH_BYTES as usize];
    file.read_exact(&mut length)?;
    let length = u64::from_le_bytes(length);
    if length > LONGEST_HEADER.min(room) {
        return Ok(None);
    }
    let mut header = vec![0; length as usize];
    file.read_exact(&mut header)?;
    Ok(Some(header))
}
